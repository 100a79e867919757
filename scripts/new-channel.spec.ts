import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TreeCopy } from './tree-copy.js';

const REGISTRY = 'libs/channels/src/registry.ts';
const MODEL = 'libs/channels/src/http/';
const PIGEON = 'libs/channels/src/pigeon/';
const LINE = "export { pigeon } from './pigeon/index.js';\n";

const copy = new TreeCopy();
afterAll(() => copy.dispose());

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
  for (const name of copy.filesOf(MODEL).filter((file) => !file.endsWith('.spec.ts')))
    copy.write(PIGEON + name, copy.original(MODEL + name).replaceAll('`http`', '`pigeon`'));
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
    copy.read(`${PIGEON}index.ts`),
  );
  copy.write(`${PIGEON}index.ts`, renamed);
  copy.write(`${PIGEON}pigeon.spec.ts`, OWN_SPEC);
  copy.write(REGISTRY, copy.read(REGISTRY) + LINE);
}

describe('a channel that is added by its folder and one line', () => {
  beforeAll(addPigeon);

  it('touches nothing else', () => {
    expect(copy.touchedOutside(PIGEON)).toEqual([REGISTRY]);
    expect(copy.read(REGISTRY).replace(LINE, '')).toBe(copy.original(REGISTRY));
  });

  it('type-checks', async () => {
    const { ok, output } = await copy.checkTypes(['libs/channels/**/*.ts', 'libs/**/*.d.ts'], [`${PIGEON}*.spec.ts`]);
    expect(output).toBe('');
    expect(ok).toBe(true);
  }, 120_000);

  it('passes the suite, is listed and served, and finds its group of workers', async () => {
    const specs = ['libs/channels/test/suite', 'libs/channels/src/registry', PIGEON, 'scripts/compose'];
    const chosen = 'the channel pigeon|the registry|pigeon is listed|docker-compose|the channels of no other';
    const { ok, output } = await copy.runSpecs(specs, chosen);
    expect(output).toMatch(/Test Files +4 passed/);
    expect(output).not.toMatch(/no fixtures/);
    expect(ok, output).toBe(true);
  }, 120_000);

  it('may import what its folder needs, but neither the core nor what another channel is made of', async () => {
    expect(await copy.checkImports()).toMatchObject({ ok: true });
    const files = [
      '../http/index.js',
      '../channels.js',
      '../kit/secrets/mask-secrets.js',
      '#libs/redis',
      '#libs/kafka',
    ];
    const harm = ['bullmq', 'nodemailer', '@nestjs/common', ...files];
    copy.write(`${PIGEON}harm.ts`, harm.map((from) => `import '${from}';\n`).join(''));
    const { ok, output } = await copy.checkImports();
    copy.remove(`${PIGEON}harm.ts`);
    expect(ok).toBe(false);
    for (const from of harm) expect(output).toContain(`pigeon/harm.ts: import '${from}': `);
  }, 60_000);
});
