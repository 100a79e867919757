import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { Behaviour } from '../../test/receiver.js';
import { createTestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import type { Message } from '../channel.js';
import { type FakeSlack, refusal, startSlack } from './fake-provider.js';
import { slack } from './index.js';

const testIo = createTestIo();
afterAll(() => testIo.close());

async function send(fake: FakeSlack, changes: Parameters<typeof testMessage>[1] = {}) {
  const config = slack.config.parse(fake.config);
  const [target = expect.unreachable('there is no target')] = slack.targets(config);
  return slack.send(testMessage(slack, changes, 'en'), { config, target }, testIo.io());
}

const reply = (receipt: string): Partial<Message> => ({ thread: { id: 'thread-1', receipt } });

describe('by a token', () => {
  let fake: FakeSlack;
  beforeAll(async () => {
    fake = await startSlack('token');
  });
  afterEach(() => {
    expect(fake.complaints).toEqual([]);
    fake.refuses.clear();
  });
  afterAll(() => fake.close());

  it('each channel is a target, whose credential is token and channel', () => {
    const targets = slack.targets(slack.config.parse(fake.config));
    expect(targets.map(({ label }) => label)).toEqual(['#ops', 'C0SECOND']);
    expect(new Set(targets.map(({ credential }) => credential)).size).toBe(2);
  });

  it('the same token at another API URL has another credential', () => {
    const counted = (apiUrl: string) => slack.targets(slack.config.parse({ ...fake.config, apiUrl }))[0]?.credential;
    expect(counted('https://gateway.example/api/')).toBe(counted('https://gateway.example/api'));
    expect(counted('https://gateway.example/api')).not.toBe(counted('https://slack.com/api'));
  });

  it('the id of a target depends neither on other channels nor on the spelling', () => {
    const of = (channels: string[]) => slack.targets(slack.config.parse({ token: 'xoxb-1', channels }));
    expect(of(['dev', 'ops'])[1]).toEqual({ ...of(['#ops'])[0], label: 'ops' });
  });

  it('an alert has blocks, a text for notifications, its delivery id and no unfurled links', async () => {
    const outcome = await send(fake, {
      deliveryId: 'd42',
      event: { url: 'https://g.example/d?a=1&b=2', startsAt: '2026-11-20T08:00:00Z' },
    });
    expect(outcome).toMatchObject({ kind: 'delivered', receipt: 'C0FIRST01:1763625600.000001' });
    const posted = fake.posted.at(-1);
    expect(posted).toMatchObject({
      channel: '#ops',
      unfurl_links: false,
      unfurl_media: false,
      metadata: { event_type: 'tocsin_delivery', event_payload: { delivery_id: 'd42' } },
      blocks: [{ type: 'header' }],
      attachments: [{ color: '#c81e1e' }],
    });
    expect(posted?.text).toContain('[Fatal] CPU "high" \\ &lt;b&gt;&amp; at 90 %\n温度过高');
    const types = posted?.attachments?.[0]?.blocks.map(({ type }) => type);
    expect(types).toEqual(['section', 'actions', 'context']);
    expect(JSON.stringify(posted?.attachments)).toContain('"url":"https://g.example/d?a=1&b=2"');
    expect(JSON.stringify(posted?.attachments)).toContain('<!date^1795161600^');
    // The button has the link, so the text omits it.
    expect(fake.shown.at(-1)).not.toContain('https://g.example');
  });

  it('a later message of the episode is a reply shown in the channel, with the receipt of the first one', async () => {
    const outcome = await send(fake, { ...reply('C0FIRST01:1763625600.000001'), event: { level: 'recovered' } });
    expect(outcome).toMatchObject({ kind: 'delivered', receipt: 'C0FIRST01:1763625600.000001' });
    expect(fake.posted.at(-1)).toMatchObject({
      channel: 'C0FIRST01',
      thread_ts: '1763625600.000001',
      reply_broadcast: true,
      attachments: [{ color: '#15803d' }],
    });
  });

  it.each(['message_not_found', 'thread_not_found', 'cannot_reply_to_message'])(
    'where the thread is gone (%s) the message stands alone, within the same send',
    async (word) => {
      fake.refuses.set(word, ({ thread_ts }) => thread_ts !== undefined);
      const before = fake.requests.length;
      const outcome = await send(fake, reply('C0GONE001:1763625600.000009'));
      expect(outcome).toMatchObject({ kind: 'delivered', receipt: expect.stringMatching(/^C0FIRST01:/) });
      expect(fake.posted.at(-1)).toMatchObject({ channel: '#ops' });
      expect(fake.posted.at(-1)).not.toHaveProperty('thread_ts');
      expect(fake.requests.length - before).toBe(2);
    },
  );

  it('a receipt that this channel did not write is ignored', async () => {
    expect(await send(fake, reply('nonsense'))).toMatchObject({ kind: 'delivered' });
    expect(fake.posted.at(-1)).not.toHaveProperty('thread_ts');
  });

  it('a message whose blocks Slack refuses is posted as text, in the same thread', async () => {
    fake.refuses.set('msg_blocks_too_long', ({ blocks }) => blocks !== undefined);
    const outcome = await send(fake, reply('C0FIRST01:1763625600.000001'));
    expect(outcome).toMatchObject({ kind: 'delivered', receipt: 'C0FIRST01:1763625600.000001' });
    expect(fake.posted.at(-1)).toMatchObject({ thread_ts: '1763625600.000001' });
    expect(fake.posted.at(-1)).not.toHaveProperty('attachments');
    expect(fake.shown.at(-1)).toContain('host-42');
  });

  it('a truncated answer still has the result of the message', async () => {
    const content = 'x'.repeat(8_000);
    const outcome = await send(fake, { content });
    expect(outcome).toMatchObject({ kind: 'delivered', receipt: expect.stringMatching(/^C0FIRST01:/) });
    expect(outcome.excerpt).not.toMatch(/\}$/);
  });
});

describe('by a webhook', () => {
  let fake: FakeSlack;
  beforeAll(async () => {
    fake = await startSlack('webhook');
  });
  afterAll(() => fake.close());

  it('there are no receipts and no threads', async () => {
    expect(await send(fake, reply('C0FIRST01:1763625600.000001'))).toEqual({
      kind: 'delivered',
      code: '200',
      excerpt: 'ok',
    });
    expect(fake.complaints).toEqual([]);
  });

  it('a legacy webhook gets its channel', async () => {
    fake.config.channel = '#dev';
    await send(fake);
    expect(fake.posted.at(-1)).toMatchObject({ channel: '#dev' });
  });
});

describe('answers', () => {
  let byToken: FakeSlack;
  let byWebhook: FakeSlack;
  beforeAll(async () => {
    byToken = await startSlack('token');
    byWebhook = await startSlack('webhook');
  });
  afterAll(() => Promise.all([byToken.close(), byWebhook.close()]));

  it.each<[string, Behaviour, Awaited<ReturnType<typeof send>>]>([
    [
      'a word nobody knows',
      refusal('brand_new_error'),
      { kind: 'rejected', code: 'brand_new_error', message: 'Slack answered brand_new_error' },
    ],
    [
      'a missing scope, which is named',
      refusal('missing_scope', { needed: 'chat:write', provided: 'files:read' }),
      {
        kind: 'misconfigured',
        message:
          'Slack answered missing_scope (needed: chat:write); give the app the scope chat:write and install it again',
      },
    ],
    [
      'invalid blocks, whose place is named',
      refusal('invalid_blocks', { response_metadata: { messages: ['[ERROR] must be shorter\n[json-pointer:/text]'] } }),
      { kind: 'rejected', message: 'Slack answered invalid_blocks ([ERROR] must be shorter [json-pointer:/text])' },
    ],
    ['no channel', refusal('channel_not_found'), { kind: 'misconfigured', code: 'channel_not_found' }],
    ['a workspace that is full', refusal('message_limit_exceeded'), { kind: 'throttled' }],
    ['a workspace that moves', refusal('team_added_to_org'), { kind: 'unavailable' }],
    [
      'HTTP 503 with a page',
      { status: 503, headers: { 'retry-after': '5' }, body: '<html>' },
      { kind: 'unavailable', code: '503', retryAfterMs: 5_000, message: 'Slack answered 503' },
    ],
    ['HTTP 200 that broke off', { status: 200, body: '{"ok":true,"cha' }, { kind: 'unknown', code: '200' }],
    ['HTTP 200 with nothing', { status: 200 }, { kind: 'unknown', code: '200' }],
    [
      'what was taken, by a gateway that does not say where',
      { status: 200, body: '{"ok":true,"ts":"1763625600.000007"}' },
      { kind: 'delivered', receipt: '#ops:1763625600.000007' },
    ],
    ['HTTP 200 with a page', { status: 200, body: '<html>log in' }, { kind: 'unknown', code: '200' }],
    ['a redirect', { status: 302, headers: { location: '/' } }, { kind: 'misconfigured', code: '302' }],
  ])('to a call: %s', async (_name, behaviour, expected) => {
    byToken.behave(behaviour);
    expect(await send(byToken)).toMatchObject(expected);
  });

  it.each<[string, Behaviour, Awaited<ReturnType<typeof send>>]>([
    ['200 that is not ok', { status: 200, body: 'fine' }, { kind: 'rejected', code: 'fine' }],
    ['200 in JSON', { status: 200, body: '{"ok":true}' }, { kind: 'delivered', code: '200' }],
    ['200 in other JSON', { status: 200, body: '{"done":1}' }, { kind: 'rejected', code: '200' }],
    ['200 that broke off', { status: 200, body: '' }, { kind: 'unknown', code: '200' }],
    ['200 with a page', { status: 200, body: '<html>' }, { kind: 'unknown', code: '200' }],
    ['403 invalid_token', { status: 403, body: 'invalid_token' }, { kind: 'misconfigured', code: 'invalid_token' }],
    ['403 action_prohibited', { status: 403, body: 'action_prohibited' }, { kind: 'misconfigured' }],
    ['410 channel_is_archived', { status: 410, body: 'channel_is_archived' }, { kind: 'misconfigured' }],
    ['400 user_not_found', { status: 400, body: 'user_not_found' }, { kind: 'misconfigured' }],
    ['400 no_text', { status: 400, body: 'no_text' }, { kind: 'rejected', code: 'no_text' }],
    [
      '404 in JSON',
      { status: 404, body: '{"ok":false,"error":"no_team"}' },
      { kind: 'misconfigured', code: 'no_team' },
    ],
    ['429 with a header', { status: 429, headers: { 'Retry-After': '7' } }, { kind: 'throttled', retryAfterMs: 7_000 }],
    ['429 with nothing', { status: 429 }, { kind: 'throttled', code: '429' }],
  ])('to a webhook: %s', async (_name, behaviour, expected) => {
    byWebhook.behave(behaviour);
    expect(await send(byWebhook)).toMatchObject(expected);
  });
});
