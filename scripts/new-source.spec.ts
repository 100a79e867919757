import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { TreeCopy } from './tree-copy.js';

const REGISTRY = 'libs/sources/src/registry.ts';
const MODEL = 'libs/sources/src/grafana/';
const BEACON = 'libs/sources/src/beacon/';
const LINE = "export { beacon } from './beacon/index.js';\n";

/** Written by the author of the source, in its folder. */
const OWN_SPEC = `
import 'reflect-metadata';
import { Module } from '@nestjs/common';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Source, sourceByType } from '#libs/sources';
import { addBodyParsers } from '../../../../apps/api/src/http/body-parsers.js';
import { eventRoutes } from '../../../../apps/api/src/http/event-routes.js';
import { sourceControllers } from '../../../../apps/api/src/ingest/source-controllers.js';
import { SourceRequests } from '../../../../apps/api/src/ingest/source-requests.js';
import { routesOfSource } from '../../../../apps/api/src/ingest/source-routes.js';

const beacon = sourceByType('beacon') as Source;
const taken: unknown[] = [];
const requests = {
  take: async (source: Source, { request }: { request: { body: unknown } }) => {
    taken.push([source.type, request.body]);
    return { received: 1 };
  },
};

@Module({
  controllers: sourceControllers(beacon),
  providers: [{ provide: SourceRequests, useValue: requests }],
})
class BeaconModule {}

let app: NestFastifyApplication;
beforeAll(async () => {
  app = await NestFactory.create<NestFastifyApplication>(BeaconModule, new FastifyAdapter(), { bodyParser: false, logger: false });
  const fastify = app.getHttpAdapter().getInstance();
  fastify.addHook('onRequest', async (request) => {
    (request as unknown as { principal: object }).principal = { keyName: 'k', role: 'ingest', team: 'default' };
  });
  const limits = { bodyMs: 20_000, onRefused: (reason: string) => taken.push(reason) };
  addBodyParsers(fastify as never, eventRoutes(routesOfSource(beacon)), limits);
  await app.init();
  await fastify.ready();
});
afterAll(() => app.close());

it('beacon is served by the API at its route, its alias and with its content type', async () => {
  const payload = JSON.stringify(beacon.example);
  for (const [method, url, type, status] of [
    ['POST', '/api/v1/ingest/beacon', 'application/json', 202],
    ['PUT', '/api/v1/ingest/beacon', 'application/vnd-beacon+json', 202],
    ['POST', '/api/v3/beacons', 'application/json', 202],
    ['POST', '/api/v1/ingest/beacon', 'text/plain', 415],
    ['GET', '/api/v1/ingest/beacon', 'application/json', 404],
  ] as const)
    expect([url, (await app.inject({ method, url, payload, headers: { 'content-type': type } })).statusCode]).toEqual([url, status]);
  expect(taken).toEqual(Array.from({ length: 3 }, () => ['beacon', beacon.example]));
});
`;

const copy = new TreeCopy();
afterAll(() => copy.dispose());

/** Adds the source `grafana` under another name, with a content type and an alias. */
function addBeacon(): void {
  for (const name of copy.filesOf(MODEL).filter((file) => !file.endsWith('.spec.ts')))
    copy.write(BEACON + name, copy.original(MODEL + name));
  const renamed = [
    ['export const grafana = ', 'export const beacon = '],
    ["type: 'grafana'", "type: 'beacon'"],
    ['postGrafanaWebhooks', 'postBeacons'],
    ['putGrafanaWebhooks', 'putBeacons'],
    [
      '...WEBHOOK_HTTP,',
      "...WEBHOOK_HTTP,\n    contentTypes: ['application/vnd-beacon+json'],\n    aliases: [{ path: '/api/v3/beacons', operationId: 'postOldBeacons' }],",
    ],
  ].reduce(
    (source, [from = '', to = '']) => {
      expect(source).toContain(from);
      return source.replace(from, to);
    },
    copy.read(`${BEACON}index.ts`),
  );
  copy.write(`${BEACON}index.ts`, renamed);
  copy.write(`${BEACON}beacon.spec.ts`, OWN_SPEC);
  copy.write(REGISTRY, copy.read(REGISTRY) + LINE);
}

describe('a source that is added by its folder and one line', () => {
  beforeAll(addBeacon);

  it('touches nothing else', () => {
    expect(copy.touchedOutside(BEACON)).toEqual([REGISTRY]);
    expect(copy.read(REGISTRY).replace(LINE, '')).toBe(copy.original(REGISTRY));
  });

  it('type-checks', async () => {
    const { ok, output } = await copy.checkTypes(['libs/sources/**/*.ts', 'libs/**/*.d.ts'], [`${BEACON}*.spec.ts`]);
    expect(output).toBe('');
    expect(ok).toBe(true);
  }, 120_000);

  it('passes the suite and is served by the API', async () => {
    const files = ['libs/sources/test/suite', 'libs/sources/test/registry', BEACON];
    const titles = 'the source beacon|no two sources|the registry of sources|beacon is served';
    const { ok, output } = await copy.runSpecs(files, titles);
    expect(output).toMatch(/Test Files +3 passed/);
    expect(ok, output).toBe(true);
  }, 120_000);

  it('fails the suite without recorded requests', async () => {
    const fixture = `${BEACON}fixtures/mixed.json`;
    const text = copy.read(fixture);
    copy.remove(fixture);
    const { ok, output } = await copy.runSpecs(['libs/sources/test/suite'], 'the source beacon');
    copy.write(fixture, text);
    expect(ok).toBe(false);
    expect(output).toContain('libs/sources/src/beacon/fixtures holds no requests');
  }, 120_000);

  it('may import the interface, the kit and the contracts, but neither the core nor another source', async () => {
    expect(await copy.checkImports()).toMatchObject({ ok: true });
    const allowed = ['../source.js', '../kit/identify.js', '#libs/contracts', 'zod'];
    const harm = ['bullmq', '@nestjs/common', '../grafana/index.js', '../sources.js', '#libs/redis', '#libs/kafka'];
    copy.write(`${BEACON}harm.ts`, [...allowed, ...harm].map((from) => `import '${from}';\n`).join(''));
    const { ok, output } = await copy.checkImports();
    copy.remove(`${BEACON}harm.ts`);
    expect(ok).toBe(false);
    for (const from of harm) expect(output).toContain(`beacon/harm.ts: import '${from}': `);
    for (const from of allowed) expect(output).not.toContain(`beacon/harm.ts: import '${from}': `);
  }, 60_000);
});
