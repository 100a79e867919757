/// <reference types="vite/types/importMeta.d.ts" />
import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Channel, channels, listSecrets, mapSecrets } from '#libs/channels';
import {
  type FakeProvider,
  type SendMode,
  SITUATIONS,
  type SuiteFixtures,
} from '../../libs/channels/test/channel-suite.js';
import { waitFor } from '../support/index.js';
import { ADMIN_KEY, Installation } from './installation.js';
import { createSearch, searchFiles, searchRedis, searchTables } from './secret-scan.js';

const fixturesOf = import.meta.glob<SuiteFixtures>('../../libs/channels/src/*/fixtures.ts', {
  eager: true,
  import: 'fixtures',
});
/** Settings of a channel, and the fake provider for them. */
interface Tried {
  name: string;
  channel: Channel;
  outcomes: SendMode['outcomes'];
  /** Whether the settings have every secret of the channel; others have some of them. */
  usual: boolean;
  provider: FakeProvider;
  closed: boolean;
}
const ways: Tried[] = [];
/** A word in every alert: a place in which the scan does not find it was not scanned. */
const CANARY = 'canary-0b7f3f1e';
const SECRET_KEY = Buffer.from('a secret key with 32 bytes in it').toString('base64');
const SMTP_PASSWORD = 'the-platforms-own';
/** Situations in which a provider answers; its answers then repeat what it was sent. */
const ANSWERED = SITUATIONS.filter((situation) => situation !== 'unknown');
/** Templates that try to read settings and secrets. */
const PRYING = {
  title: '{{ title }} {{ endpoint }}',
  content:
    '{{ content }}{% for name in ["config", "secrets", "token"] %}{{ alert[name] }}{{ labels[name] }}{% endfor %}{{ alert | tojson }}',
};

let installation: Installation;
/** Every answer of the API, with headers and body. */
const answers: { what: string; text: string }[] = [];

beforeAll(async () => {
  const env = {
    TOCSIN_LOG_LEVEL: 'debug',
    TOCSIN_SECRET_KEY: SECRET_KEY,
    SMTP_URL: `smtp://platform:${SMTP_PASSWORD}@127.0.0.1:1`,
    SMTP_FROM: 'tocsin@example.org',
  };
  installation = await Installation.start({ env });
  for (const channel of channels) {
    const fixtures = fixturesOf[`../../libs/channels/src/${channel.type}/fixtures.ts`];
    if (!fixtures) throw new Error(`${channel.type} has no fixtures`);
    for (const [name, mode] of Object.entries({ '': fixtures, ...fixtures.otherModes })) {
      const provider = await mode.start(Date.now);
      const slug = `${channel.type} ${name}`.trim().replace(/\W+/g, '-');
      ways.push({ name: slug, channel, outcomes: mode.outcomes, usual: name === '', provider, closed: false });
    }
  }
});
afterAll(async () => {
  await installation.stop();
  await Promise.all(ways.filter(({ closed }) => !closed).map(({ provider }) => provider.close()));
});

type Json = Record<string, unknown>;
interface Answer {
  status: number;
  /** Empty if the answer is not JSON. */
  json: Json;
}

async function ask(method: string, path: string, body?: unknown): Promise<Answer> {
  const response = await fetch(`${installation.apiUrls[0]}${path}`, {
    method,
    headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
    ...(body !== undefined && { body: typeof body === 'string' ? body : JSON.stringify(body) }),
  });
  const text = await response.text();
  answers.push({ what: `${method} ${path}`, text: `${JSON.stringify([...response.headers])}\n${text}` });
  const isJson = /json/.test(response.headers.get('content-type') ?? '') && text !== '';
  return { status: response.status, json: isJson ? JSON.parse(text) : {} };
}

async function made(method: string, path: string, body: unknown): Promise<string> {
  const { status, json } = await ask(method, path, body);
  expect(status, JSON.stringify(json)).toBe(201);
  return json.id as string;
}

const post = (policy: string, object: string, title = CANARY) =>
  ask('POST', '/api/v1/events', { policy, object, level: 'fatal', title });

/** Waits until a delivery of an object was tried at an endpoint. Its other targets may be paused after failures. */
async function tried(endpoint: string, object: string): Promise<void> {
  await waitFor(
    async () => {
      const { json } = await ask('GET', `/api/v1/deliveries?endpoint=${endpoint}&object=${object}`);
      const items = json.items as { attemptCount: number }[];
      return items.some(({ attemptCount }) => attemptCount > 0);
    },
    { timeoutMs: 20_000, intervalMs: 250, what: `deliveries of ${object} to be tried` },
  );
}

/** Creates, changes, clones and tests an endpoint of a channel, saved and unsaved, and makes requests that must be refused. */
async function manage({ name, channel: { type, config: schema }, provider: { config } }: Tried): Promise<string> {
  // Fakes of one provider have the same credentials, whose rate would make each wait for the others.
  const rateLimit = { max: 1_000, per: '1s' };
  const settings = { name, channel: type, config, pushPeriod: '0s', rateLimit, template: PRYING };
  const id = await made('POST', '/api/v1/endpoints', { ...settings, policies: [name] });
  const plain = await made('POST', `/api/v1/endpoints/${id}/clone`, { name: `${name}, plain`, policies: [name] });
  const { json } = await ask('GET', `/api/v1/endpoints/${plain}`);
  expect((await ask('PATCH', `/api/v1/endpoints/${plain}`, { config: json.config, template: null })).status).toBe(200);
  const unsaved = { id: plain, name: 'unsaved', channel: type, rateLimit, config: json.config };
  expect((await ask('POST', '/api/v1/endpoints/test', unsaved)).status).toBe(200);

  expect((await ask('POST', '/api/v1/endpoints', settings)).status).toBe(409);
  const refused = [
    { ...settings, name: 'a', config: { ...config, unknown: listSecrets(schema, config).join() } },
    { ...settings, name: 'b', config: { ...mapSecrets(schema, config, () => '\u0000'), extra: config } },
    { ...settings, name: 'c', config: [config] },
    { ...settings, name: JSON.stringify(config), template: { title: '{{ alert.constructor("return process.env") }}' } },
    `{"config": ${JSON.stringify(config)}, oops`,
  ];
  for (const body of refused) {
    expect((await ask('POST', '/api/v1/endpoints', body)).status).toBeGreaterThanOrEqual(400);
    expect((await ask('PATCH', `/api/v1/endpoints/${id}`, body)).status).toBeGreaterThanOrEqual(400);
  }
  return plain;
}

/** Sends tests and events while the provider accepts them, refuses them, and is away. */
async function exercise(way: Tried): Promise<void> {
  const { name, outcomes, provider } = way;
  const there = ANSWERED.filter((situation) => typeof outcomes[situation] === 'object');
  provider.play('delivered');
  const endpoint = await manage(way);
  for (const situation of there.filter((one) => ['delivered', 'rejected', 'unavailable'].includes(one))) {
    provider.play(situation);
    await post(name, `${name}-${situation}`);
    await tried(endpoint, `${name}-${situation}`);
  }
  const test = async () => expect((await ask('POST', `/api/v1/endpoints/${endpoint}/test`)).status).toBe(200);
  for (const situation of there) {
    // The fake then repeats all secrets of its provider; Tocsin cannot redact those that these settings lack.
    if (situation === 'misconfigured' && !way.usual) continue;
    provider.play(situation);
    await test();
  }
  way.closed = true;
  await provider.close();
  await test();
  await post(name, `${name}-gone`);
}

/** Every text in which a secret could appear. */
async function readAll(): Promise<void> {
  const pages = ['/metrics', '/openapi.json', '/queues', '/readyz', '/api/v1/channels', '/api/v1/endpoints'];
  pages.push('/api/v1/policies', '/api/v1/stats', '/api/v1/unrouted', '/api/v1/deliveries?status=waiting');
  for (const page of pages) await ask('GET', page);
  const { json } = await ask('GET', '/api/v1/deliveries?limit=200');
  for (const { id } of json.items as { id: string }[]) await ask('GET', `/api/v1/deliveries/${id}`);
  for (const { type } of channels) {
    const list = await ask('GET', `/queues/api/queues?activeQueue=deliver-${type}&page=1&jobsPerPage=100`);
    const [queue] = (list.json.queues as { jobs: { id: string }[] }[]).filter(({ jobs }) => jobs.length > 0);
    for (const { id } of queue?.jobs ?? []) {
      await ask('GET', `/queues/api/queues/deliver-${type}/${encodeURIComponent(id)}`);
      await ask('GET', `/queues/api/queues/deliver-${type}/${encodeURIComponent(id)}/logs`);
    }
  }
}

/** Searches all that Tocsin has stored, printed, answered or sent. */
async function scan(secrets: readonly string[]): Promise<string[]> {
  const { search, found } = createSearch(secrets);
  await searchTables(installation.databaseUrl, search);
  await searchRedis(installation.redisClient, search);
  for (const folder of installation.dataFolders) searchFiles(folder, search);
  search('the logs', installation.logs());
  for (const { what, text } of answers) search(`the answer to ${what}`, text);
  for (const { name, provider } of ways) for (const text of provider.shown) search(`what ${name} was shown`, text);
  return found();
}

it('no secret of any channel is in database files, Redis and its files, logs, answers or messages, in any form', async () => {
  const platform = { name: 'platform mail', channel: 'email', config: { to: ['ops@example.org'] } };
  const mail = await made('POST', '/api/v1/endpoints', { ...platform, policies: ['mail'] });
  await ask('POST', `/api/v1/endpoints/${mail}/test`);
  await Promise.all(ways.map(exercise));
  await readAll();

  const secrets = ways.flatMap(({ channel, provider }) => listSecrets(channel.config, provider.config));
  const own = [SMTP_PASSWORD, SECRET_KEY, Buffer.from(SECRET_KEY, 'base64').toString(), ADMIN_KEY];
  const places = (await scan([CANARY])).join('\n');
  for (const place of [
    'table deliveries',
    'Redis, ',
    'appendonly',
    'base/',
    'pg_wal',
    '/api/v1/deliveries/',
    'shown',
  ]) {
    expect(places).toContain(place);
  }
  expect(installation.logs()).toContain('/api/v1/endpoints/:id/test');
  expect(await scan([...secrets, ...own])).toEqual([]);
});
