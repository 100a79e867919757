import { afterAll, expect, it } from 'vitest';
import { z } from 'zod';
import { defineChannel, type Message } from '#libs/channels';
import type { Endpoint, Outcome } from '#libs/contracts';
import { unlimited } from '#libs/delivery';
import { createRenderer } from '#libs/templates';
import { createTestIo } from '../../../channels/test/test-io.js';
import { anEndpoint } from '../../../delivery/test/an-endpoint.js';
import { testEndpoint } from './test-endpoint.js';

const way = createTestIo();
const renderer = createRenderer();
afterAll(() => Promise.all([way.close(), renderer.close()]));

/** Tests an endpoint of a channel with the given answer; returns the message that the channel got. */
async function tryOut(outcome: Outcome, template: Endpoint['template'] = {}, testText?: string, waits: number[] = []) {
  const slept: number[] = [];
  const sent: Message[] = [];
  const channel = defineChannel({
    type: 'fake',
    label: 'Fake',
    ...(testText !== undefined && { testText }),
    readBy: 'people',
    config: z.strictObject({}),
    template: { en: { title: 'default', content: 'default' }, 'zh-CN': { title: '默认', content: '默认' } },
    limits: { rate: null, documentedAt: null },
    targets: () => [{ id: 't', label: 'ops' }],
    timeoutMs: () => 1_000,
    send: async (message) => {
      sent.push(message);
      return outcome;
    },
  });
  const parts = {
    io: way.io(),
    renderer,
    lang: 'en' as const,
    now: () => 0,
    monotonicNow: () => 0,
    sleep: async (ms: number) => slept.push(ms),
    ask: async () => {
      const waitMs = waits.shift();
      return waitMs === undefined ? unlimited(1) : { ...unlimited(0), waitMs };
    },
  };
  const { ok, targets } = await testEndpoint(anEndpoint({ template }), channel, parts);
  return { ok, detail: targets[0]?.detail, message: sent[0], slept };
}

it.each<[Outcome, boolean, string]>([
  [{ kind: 'delivered', code: '250' }, true, 'delivered'],
  [
    { kind: 'delivered', code: '550', message: 'refused x@a', partial: ['x@a'] },
    false,
    'accepted, but not for x@a: 550: refused x@a',
  ],
  [
    { kind: 'rejected', code: '400', message: 'the receiver answered 400' },
    false,
    'rejected: the receiver answered 400',
  ],
  [
    { kind: 'unknown', code: 'ECONNRESET', message: 'reset' },
    false,
    'no answer, so it may have arrived: ECONNRESET: reset',
  ],
])('%j is reported in one line of words', async (outcome, ok, detail) => {
  expect(await tryOut(outcome)).toMatchObject({ ok, detail });
});

it('a test to people has the plain text, or its own template if the endpoint has one', async () => {
  const delivered: Outcome = { kind: 'delivered' };
  const bare = 'Fake setting validated';
  expect((await tryOut(delivered)).message).toMatchObject({ title: bare, content: bare });
  expect((await tryOut(delivered, {}, 'settings validated')).message).toMatchObject({ title: 'settings validated' });
  const own = await tryOut(delivered, { title: 'own {{ title }}' });
  expect(own.message).toMatchObject({ title: `own ${bare}`, content: bare });
});

it('waits for the rate of its credential, and reports if that is not enough', async () => {
  const delivered: Outcome = { kind: 'delivered' };
  expect(await tryOut(delivered, {}, undefined, [9_000, 0])).toMatchObject({ ok: true, slept: [9_000, 1] });
  expect(await tryOut(delivered, {}, undefined, [9_000, 1_001])).toMatchObject({
    ok: false,
    slept: [9_000],
    message: undefined,
    detail: expect.stringMatching(/^not sent: .* in 2 s$/),
  });
});
