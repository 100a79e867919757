import { afterAll, describe, expect, it, vi } from 'vitest';
import { z } from 'zod';
import { type ChannelIo, defineChannel, type Message } from '#libs/channels';
import type { Outcome } from '#libs/contracts';
import { createRenderer } from '#libs/templates';
import { createTestIo } from '../../../channels/test/test-io.js';
import { anEndpoint } from '../../test/an-endpoint.js';
import { type Sending, send } from './send.js';

const way = createTestIo();
const renderer = createRenderer();
afterAll(() => Promise.all([way.close(), renderer.close()]));

/** A channel that keeps what it is handed. */
function recording(
  answer: (message: Message, io: ChannelIo) => Promise<Outcome> | Outcome = () => ({ kind: 'delivered' }),
) {
  const sent: Message[] = [];
  const channel = defineChannel({
    type: 'recording',
    label: 'Recording',
    readBy: 'people',
    config: z.strictObject({ token: z.string().meta({ writeOnly: true }) }),
    template: {
      en: { title: '{{ title }}', content: '{{ content }}' },
      'zh-CN': { title: '标题 {{ title }}', content: '{{ content }}' },
    },
    limits: {
      rate: null,
      title: { max: 8, unit: 'characters' },
      content: { max: 16, unit: 'bytes' },
      documentedAt: null,
    },
    targets: () => [{ id: 't', label: 't' }],
    timeoutMs: () => 1_000,
    send: async (message, _to, io) => {
      sent.push(message);
      return answer(message, io);
    },
  });
  return { sent, channel };
}

async function sendBy({ channel }: ReturnType<typeof recording>, over: Partial<Sending> = {}, template = {}) {
  const sending: Sending = {
    channel,
    endpoint: anEndpoint({ config: { token: 'tok-12345678' }, template }),
    target: { id: 't', label: 't' },
    event: { id: 'e', policy: 'cpu', object: 'host', level: 'fatal', title: '😀'.repeat(20), content: '温'.repeat(20) },
    delivery: { id: 'd', suppressedCount: 0, delayedByMs: 0, thread: { id: 'thread' } },
    policyName: 'CPU',
    lang: 'en',
    ...over,
  };
  return send(sending, { io: way.io(), renderer });
}

describe('a message', () => {
  it('is cut to the limit of its provider, in the unit of the provider, between characters and with a mark', async () => {
    const channel = recording();
    await sendBy(channel);
    expect(channel.sent[0]).toMatchObject({ title: `${'😀'.repeat(7)}…`, content: `${'温'.repeat(4)}…` });
  });

  it('is in the language of the installation, and has its level, thread and earlier results', async () => {
    const channel = recording();
    const earlier = { remaining: ['a'], refused: ['b'] };
    const delivery = { id: 'd', suppressedCount: 2, delayedByMs: 0, thread: { id: 'x', follows: 'p' }, earlier };
    await sendBy(channel, { lang: 'zh-CN', delivery });
    expect(channel.sent[0]).toMatchObject({ level: 'fatal', lang: 'zh-CN', thread: { follows: 'p' }, earlier });
    expect(channel.sent[0]?.title).toMatch(/^标题/);
    expect(channel.sent[0]?.variables).toMatchObject({ suppressed_count: 2, level_name: '致命' });
  });

  it('whose template fails is sent with the default template, and reports the error', async () => {
    const channel = recording();
    const sent = await sendBy(channel, {}, { title: '{{ nope }}', content: 'own' });
    expect(sent.outcome.kind).toBe('delivered');
    expect(sent.templateError).toMatch(/was used for title: .*nope/);
    expect(channel.sent[0]).toMatchObject({ content: 'own', title: expect.stringMatching(/^😀/) });
  });

  it('with a failing template in the settings is tried again, because settings can be corrected', async () => {
    const channel = recording(async (message) => ({ kind: 'delivered', code: await message.render('{{ nope }}') }));
    const { outcome } = await sendBy(channel);
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'TEMPLATE', message: expect.stringContaining('nope') });
  });

  it('that makes its channel throw is tried again, and the text of the error stays secret', async () => {
    const channel = recording(() => {
      throw new TypeError('tok-12345678 is not a function');
    });
    expect((await sendBy(channel)).outcome).toEqual({
      kind: 'unavailable',
      code: 'INTERNAL',
      message: 'could not be sent: TypeError',
    });
  });
});

it('a send that never ends is overdue 30 seconds after its time limit', async () => {
  const channel = recording(() => new Promise(() => {}));
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  const sent = sendBy(channel);
  await vi.waitUntil(() => channel.sent.length > 0);
  await vi.advanceTimersByTimeAsync(31_000);
  vi.useRealTimers();
  expect((await sent).outcome).toMatchObject({ kind: 'unknown', code: 'OVERDUE' });
});

it('an outcome has no secrets of the settings, also at the edge of the stored excerpt', async () => {
  const echo = `${'x'.repeat(494)}tok-12345678${'y'.repeat(9_000)}`;
  const channel = recording(() => ({ kind: 'rejected', message: echo, excerpt: echo }));
  const { outcome } = await sendBy(channel);
  expect(outcome.message).toMatch(/^x{494}\*+…$/);
  expect([...(outcome.message ?? '')].length).toBeLessThanOrEqual(500);
  expect([...(outcome.excerpt ?? '')]).toHaveLength(4_096);
  expect(JSON.stringify(outcome)).not.toContain('tok-');
});

it('an outcome has no access token of the send', async () => {
  const channel = recording(async (_message, io) => {
    const issue = async () => ({ value: 'got-at-run-time', lifetimeMs: 60_000 });
    return { kind: 'rejected', message: `bad ${await io.token({ credential: 'c', issue })}` };
  });
  expect((await sendBy(channel)).outcome.message).toBe('bad ********');
});
