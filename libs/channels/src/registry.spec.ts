import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { channelByType, channels } from './channels.js';

const ROOT = fileURLToPath(new URL('../../../', import.meta.url));
const HERE = 'libs/channels/src';
const isForTests = (file: string) => /(\.spec|\/fixtures|\/fake-provider)\.ts$|^libs\/[^/]+\/test\//.test(file);

const folders = readdirSync(join(ROOT, HERE), { withFileTypes: true })
  .filter((entry) => entry.isDirectory() && entry.name !== 'kit')
  .map((entry) => entry.name);
const sources = new Map(
  ['apps', 'libs']
    .flatMap((folder) => readdirSync(join(ROOT, folder), { recursive: true }).map((name) => `${folder}/${name}`))
    .filter(
      (file) => /\.(tsx?|js|mjs|html)$/.test(file) && !/\/(node_modules|generated)\//.test(file) && !isForTests(file),
    )
    .map((file) => [file, readFileSync(join(ROOT, file), 'utf8')]),
);

/** Files that may contain the name of a channel, with the reason. */
const MAY_NAME: Readonly<Record<string, string>> = {
  'apps/api/src/docs/api-document.ts': 'OpenAPI has a kind of authentication of that name',
  'libs/settings/src/endpoints/schemas.ts': 'the example in the OpenAPI document',
};

describe('the registry', () => {
  it('lists every folder, and each channel has the name of its folder', () => {
    expect(channels.map((channel) => channel.type).sort()).toEqual(folders.sort());
  });

  it('finds a channel by its type', () => {
    for (const channel of channels) expect(channelByType(channel.type)).toBe(channel);
    for (const other of ['', 'constructor', '__proto__', 'HTTP']) expect(channelByType(other)).toBeUndefined();
  });

  it.each(folders)('is the only file that imports %s', (folder) => {
    const own = `${HERE}/${folder}/`;
    const naming = [...sources].filter(
      ([file, source]) => !file.startsWith(own) && source.includes(`/${folder}/index.js'`),
    );
    expect(naming.map(([file]) => file)).toEqual([`${HERE}/registry.ts`]);
  });

  it.each(folders)('has %s as an entry, and no other source outside its folder contains the name', (folder) => {
    const name = new RegExp(`(['"\`])${folder}\\1`);
    const naming = [...sources].filter(([file, source]) => !file.startsWith(`${HERE}/${folder}/`) && name.test(source));
    expect(naming.map(([file]) => file).filter((file) => !(file in MAY_NAME))).toEqual([]);
  });

  it.each(folders)('has a channel without clock, randomness or environment of its own: %s', (folder) => {
    for (const [file, source] of sources)
      if (file.startsWith(`${HERE}/${folder}/`))
        expect(source, file).not.toMatch(/process\.env|Date\.now\(|new Date\(\)|Math\.random/);
  });
});
