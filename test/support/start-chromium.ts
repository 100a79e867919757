import { join } from 'node:path';
import { type Browser, chromium } from 'playwright-core';
import { findDebianProgram } from './debian-programs.js';

const SEARCH = {
  name: 'chromium',
  packages: ['chromium', 'fonts-dejavu-core'],
  program: 'usr/lib/chromium/chromium',
  version: ['--version', '--no-sandbox'],
};
const ARGUMENTS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** A real Chromium without a window: the machine's own, or one from the distribution's packages. */
export async function startChromium(): Promise<Browser> {
  const { command, root, env } = await findDebianProgram(SEARCH);
  // An unpacked one brings its fonts.
  const fonts = { FONTCONFIG_PATH: join(root, 'etc/fonts'), XDG_DATA_HOME: join(root, 'usr/share') };
  const variables = { ...process.env, ...env, ...(root !== '/' && fonts) };
  return chromium.launch({ executablePath: command, args: ARGUMENTS, env: variables });
}
