import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const COPIED = [
  'apps',
  'libs',
  'scripts',
  'test',
  'docker-compose.yml',
  'package.json',
  'tsconfig.json',
  'tsconfig.test.json',
  'vitest.config.ts',
];
const REGISTRY = 'libs/channels/src/registry.ts';
const MODEL = 'libs/channels/src/http/';
const PIGEON = 'libs/channels/src/pigeon/';
const LINE = "export { pigeon } from './pigeon/index.js';\n";

const copy = mkdtempSync(join(tmpdir(), 'tocsin-new-channel-'));
afterAll(() => rmSync(copy, { recursive: true }));

/** The channels, their tests and all that they import: no other source knows the type of a single channel. */
const CHANNELS_ALONE = {
  extends: './tsconfig.test.json',
  include: ['libs/channels/**/*.ts', 'libs/**/*.d.ts'],
  exclude: [`${PIGEON}*.spec.ts`],
};

/** Written by the one who adds the channel, in its folder. */
const OWN_SPEC = `
import { expect, it } from 'vitest';
import { loadConfig } from '#libs/config';
import { ChannelsController } from '../../../../apps/api/src/channels/channels.controller.js';
import { channelByType, channels } from '../channels.js';
import { servedChannels } from '../served-channels.js';

it('pigeon is listed by the API with its form, its default rate and its template, and served', () => {
  const { items } = new ChannelsController(channels, 'en').list({ limit: 200 });
  expect(items.find(({ type }) => type === 'pigeon')).toMatchObject({
    label: 'Pigeon',
    config: { properties: { url: { title: 'URL' }, signingSecret: { writeOnly: true } } },
    template: { title: '{{ title }}' },
    limits: { rate: { max: 20, per: '1m' } },
    defaultRateLimit: { max: 18, per: '1m' },
  });
  expect(channelByType('pigeon')?.label).toBe('Pigeon');
  for (const TOCSIN_CHANNELS of ['all', 'pigeon', '-http,-email'])
    expect(servedChannels(loadConfig({ TOCSIN_CHANNELS }))).toContain('pigeon');
});
`;

/** The channel `http` under another name, with a rate. */
function addPigeon(): void {
  for (const name of readdirSync(join(ROOT, MODEL)).filter((file) => !file.endsWith('.spec.ts')))
    write(PIGEON + name, read(ROOT, MODEL + name).replaceAll('`http`', '`pigeon`'));
  const renamed = [
    ['export const http = ', 'export const pigeon = '],
    ["type: 'http'", "type: 'pigeon'"],
    ["label: 'Webhook'", "label: 'Pigeon'"],
    ['rate: null, documentedAt: null', "rate: { max: 20, per: '1m' }, documentedAt: 'https://pigeon.example/limits'"],
  ].reduce(
    (source, [from = '', to = '']) => {
      expect(source).toContain(from);
      return source.replace(from, to);
    },
    read(copy, `${PIGEON}index.ts`),
  );
  write(`${PIGEON}index.ts`, renamed);
  write(`${PIGEON}pigeon.spec.ts`, OWN_SPEC);
  write(REGISTRY, read(copy, REGISTRY) + LINE);
}

const read = (root: string, file: string): string => readFileSync(join(root, file), 'utf8');

function write(file: string, text: string): void {
  mkdirSync(dirname(join(copy, file)), { recursive: true });
  writeFileSync(join(copy, file), text);
}

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(root.length + 1));

interface Run {
  ok: boolean;
  output: string;
}

/** A program of Node in the copy, as if it had been started by hand. */
function run(...args: string[]): Promise<Run> {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !/^VITEST|^TEST$/.test(name)));
  return new Promise((resolve) =>
    execFile(process.execPath, args, { cwd: copy, env: { ...env, NO_COLOR: '1' } }, (error, stdout, stderr) =>
      resolve({ ok: error === null, output: stdout + stderr }),
    ),
  );
}

const checkImports = (): Promise<Run> => run('scripts/check-imports.mjs');

describe('a channel that is added by its folder and one line', () => {
  beforeAll(() => {
    for (const name of COPIED) cpSync(join(ROOT, name), join(copy, name), { recursive: true });
    symlinkSync(join(ROOT, 'node_modules'), join(copy, 'node_modules'));
    write('tsconfig.channels.json', JSON.stringify(CHANNELS_ALONE));
    addPigeon();
  });

  it('touches nothing else', () => {
    const touched = COPIED.flatMap((name) =>
      /\./.test(name) ? [name] : filesIn(join(copy, name)).map((file) => `${name}/${file}`),
    )
      .filter((file) => !file.startsWith(PIGEON))
      .filter((file) => read(copy, file) !== read(ROOT, file));
    expect(touched).toEqual([REGISTRY]);
    expect(read(copy, REGISTRY).replace(LINE, '')).toBe(read(ROOT, REGISTRY));
  });

  it('type-checks', async () => {
    const { ok, output } = await run('node_modules/typescript7/bin/tsc', '-p', 'tsconfig.channels.json');
    expect(output).toBe('');
    expect(ok).toBe(true);
  }, 120_000);

  it('passes the suite, is listed and served, and finds its group of workers', async () => {
    const specs = ['libs/channels/test/suite', 'libs/channels/src/registry', PIGEON, 'scripts/compose'];
    const chosen = 'the channel pigeon|the registry|pigeon is listed|docker-compose|the channels of no other';
    const { ok, output } = await run(
      'node_modules/vitest/vitest.mjs',
      'run',
      '--project',
      'unit',
      ...specs,
      '-t',
      chosen,
    );
    expect(output).toMatch(/Test Files +4 passed/);
    expect(output).not.toMatch(/no fixtures/);
    expect(ok, output).toBe(true);
  }, 120_000);

  it('may import what its folder needs, but neither the core nor what another channel is made of', async () => {
    expect(await checkImports()).toMatchObject({ ok: true });
    const harm = ['bullmq', 'nodemailer', '@nestjs/common', '../http/index.js', '../channels.js', '#libs/redis'];
    write(`${PIGEON}harm.ts`, harm.map((from) => `import '${from}';\n`).join(''));
    const { ok, output } = await checkImports();
    rmSync(join(copy, `${PIGEON}harm.ts`));
    expect(ok).toBe(false);
    for (const from of harm) expect(output).toContain(`pigeon/harm.ts: import '${from}': `);
  }, 60_000);
});
