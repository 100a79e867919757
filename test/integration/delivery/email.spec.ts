import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, expect, it } from 'vitest';
import { channelByType } from '#libs/channels';
import type { Endpoint, OutcomeRecord } from '#libs/contracts';
import { audit } from '#libs/mailbox';
import { testEndpoint } from '#libs/operations';
import { createOutlet } from '#libs/outbound';
import { createRenderer } from '#libs/templates';
import { startMailServer } from '../../../libs/channels/test/mail-server.js';
import { startRedis, waitFor } from '../../support/index.js';
import { httpEndpoint, World } from './world.js';

const email = channelByType('email') ?? expect.unreachable('there is no channel email');
const server = await startMailServer();
const redis = await startRedis();
const world = new World(redis.url, 'email');
beforeAll(() =>
  world.startWorker({ SMTP_URL: `smtp://127.0.0.1:${server.port}`, SMTP_FROM: 'Tocsin <tocsin@example.org>' }),
);
beforeEach(() => {
  server.mails.length = 0;
  server.asked.length = 0;
  server.onRecipient = () => undefined;
  world.settings.set([endpoint()]);
});
afterAll(async () => {
  await world.stop();
  await Promise.all([server.stop(), redis.stop()]);
});

const own = { from: 'alerts@example.org', host: server.host, port: server.port, security: 'none' };

function endpoint(sentBy: object = own): Endpoint {
  const to = ['taken@example.org', 'late@example.org', 'gone@example.org'];
  const config = email.config.parse({ to, ...sentBy }) as Record<string, unknown>;
  return { ...httpEndpoint('http://127.0.0.1:9/'), channel: 'email', config };
}

async function lastRecord(id: string | undefined): Promise<OutcomeRecord | undefined> {
  const newest = () =>
    world
      .recordsOf(String(id))
      .toSorted((a, b) => a.revision - b.revision)
      .at(-1);
  await waitFor(() => ['delivered', 'dead'].includes(newest()?.status ?? ''), { what: 'a final record' });
  return newest();
}

it('tries only the deferred recipient again, and lists the refused one at the end', async () => {
  let puttingOff = 2;
  server.onRecipient = (address) => {
    if (address === 'gone@example.org') return '550 5.1.1 no such user';
    return address === 'late@example.org' && puttingOff-- > 0 ? '450 4.2.0 greylisted' : undefined;
  };
  const [id] = await world.post([{ level: 'fatal', object: 'partial' }]);
  expect(await lastRecord(id)).toMatchObject({ status: 'delivered', partial: ['gone@example.org'], attemptCount: 3 });
  expect(server.mails.map(({ to }) => to)).toEqual([['taken@example.org'], ['late@example.org']]);
  expect(new Set(server.mails.map(({ mail }) => mail.messageId))).toEqual(new Set([`<${id}@example.org>`]));
  expect(server.asked.filter((address) => address === 'gone@example.org')).toHaveLength(1);
  expect(await audit(world.redis)).toMatchObject({ pending: 0, imbalance: 0 });
});

it('ends dead with the server’s answer if it refuses all recipients', async () => {
  server.onRecipient = () => '550 5.7.1 relaying denied';
  const [id] = await world.post([{ level: 'fatal', object: 'refused' }]);
  expect(await lastRecord(id)).toMatchObject({
    status: 'dead',
    attempt: { code: '550', message: expect.stringContaining('relaying denied') },
  });
});

it('sends a recovery in the thread of its firing', async () => {
  const [fired] = await world.post([{ level: 'error', object: 'thread', title: 'disk full' }]);
  await lastRecord(fired);
  const [recovered] = await world.post([{ level: 'recovered', object: 'thread', title: 'disk full' }]);
  await lastRecord(recovered);
  const [first, second] = server.mails.map(({ mail }) => mail);
  expect(second?.inReplyTo).toBe(first?.messageId);
  expect(second?.references).toBe(`${first?.references} ${first?.messageId}`);
});

it('uses the platform’s mail server and sender if the endpoint names none', async () => {
  world.settings.set([endpoint({})]);
  const [id] = await world.post([{ level: 'fatal', object: 'platform' }]);
  expect(await lastRecord(id)).toMatchObject({ status: 'delivered' });
  expect(server.mails).toMatchObject([{ from: 'tocsin@example.org', mail: { from: { name: 'Tocsin' } } }]);
});

it('is tested as in production, with settings validated as subject and text', async () => {
  const { io, close } = createOutlet({
    egressDeny: [],
    platform: {},
    secretKey: Buffer.alloc(32),
    redis: world.redis,
    signal: new AbortController().signal,
    onError: (error) => expect.unreachable(String(error)),
  });
  const granted = { count: 1, waitMs: 0, use: async () => {}, finish: async () => {} };
  const parts = {
    io,
    renderer: createRenderer(),
    lang: 'en' as const,
    now: Date.now,
    monotonicNow: () => performance.now(),
    sleep,
    ask: async () => granted,
  };
  expect(await testEndpoint(endpoint(), email, parts)).toMatchObject({ ok: true });
  await close();
  expect(server.mails).toMatchObject([{ mail: { subject: 'settings validated', text: 'settings validated\n' } }]);
});
