import { hostname } from 'node:os';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { AlertEvent, Outcome } from '#libs/contracts';
import type { Message } from '../../../libs/channels/src/channel.js';
import { syslog } from '../../../libs/channels/src/syslog/index.js';
import { oneLine } from '../../../libs/channels/src/syslog/line.js';
import { hostileEvents } from '../../../libs/channels/test/hostile-events.js';
import { parseRfc5424 } from '../../../libs/channels/test/rfc5424-reference.js';
import { cutOf, expectFieldsBack, OWN_ELEMENT } from '../../../libs/channels/test/sent-fields.js';
import { createTestIo, TEST_NOW } from '../../../libs/channels/test/test-io.js';
import { testMessage } from '../../../libs/channels/test/test-message.js';
import { AUTHORITY, SERVER } from '../../../libs/security/test/certificates.js';
import { type LoggedMessage, type Rsyslogd, startRsyslogd } from '../../support/start-rsyslogd.js';
import { waitFor } from '../../support/wait-for.js';

const TRANSPORTS = ['udp', 'tcp', 'tls'] as const;
type Transport = (typeof TRANSPORTS)[number];
/** Number of messages that fit into the buffer of a UDP socket. */
const PORTION = 20;

const outlet = createTestIo();
let rsyslogd: Rsyslogd;
let sentSoFar = 0;

beforeAll(async () => {
  rsyslogd = await startRsyslogd({ ca: AUTHORITY, ...SERVER });
}, 400_000);
afterAll(async () => {
  await outlet.close();
  await rsyslogd.stop();
  rsyslogd.remove();
});
afterEach(() => {
  expect(rsyslogd.received()).toHaveLength(sentSoFar);
});

function send(transport: Transport, message: Message, settings: Record<string, unknown> = {}): Promise<Outcome> {
  const target = `${transport}://localhost:${rsyslogd.ports[transport]}`;
  const trust = transport === 'tls' ? { caCert: AUTHORITY } : {};
  const config = syslog.config.parse({ target, ...trust, ...settings });
  return syslog.send(message, { config, target: { id: 'server', label: '' } }, outlet.io());
}

/** Sends messages and returns them as rsyslogd parsed them; each must arrive exactly once. */
async function sendAll(
  transport: Transport,
  messages: readonly Message[],
  settings: Record<string, unknown> = {},
): Promise<LoggedMessage[]> {
  const before = sentSoFar;
  for (let from = 0; from < messages.length; from += PORTION) {
    const portion = messages.slice(from, from + PORTION);
    const outcomes = await Promise.all(portion.map((message) => send(transport, message, settings)));
    for (const outcome of outcomes) expect(outcome.kind).toBe('delivered');
    sentSoFar += portion.length;
    await waitFor(() => rsyslogd.received().length >= sentSoFar, { what: `${sentSoFar} messages at rsyslogd` });
  }
  return rsyslogd.received().slice(before);
}

function hostileMessages(count: number, seed: number, tag: string): Message[] {
  return fc
    .sample(hostileEvents, { numRuns: count, seed })
    .map((event, index) =>
      testMessage(syslog, { deliveryId: `${tag}-${index}`, event: { ...event, id: `e${index}` } }),
    );
}

describe.each(TRANSPORTS)('rsyslogd over %s', (transport) => {
  it('parses every field of every hostile event, each from one message', async () => {
    const messages = hostileMessages(300, 1, transport);
    const received = await sendAll(transport, messages);
    const byId = new Map(received.map((one) => [one.data[OWN_ELEMENT]?.delivery_id, one]));
    for (const message of messages) {
      const one = byId.get(message.deliveryId) ?? expect.unreachable(`${message.deliveryId} did not arrive`);
      expectFieldsBack(message.variables, one.data);
      expect(one).toMatchObject({ input: transport, host: hostname(), app: 'tocsin', msgid: message.level });
      expect(Date.parse(one.time)).toBe(TEST_NOW.getTime());
      if (!one.text.endsWith('…')) expect(one.text).toBe(oneLine(message.content));
    }
    const cut = received.filter(({ data }) => cutOf(data).size > 0).length;
    expect(cut).toBeLessThanOrEqual(transport === 'udp' ? 90 : 0);
  });

  it('parses a message of RFC 3164 as one line of a program', async () => {
    const messages = hostileMessages(40, 2, `old-${transport}`);
    const received = await sendAll(transport, messages, { format: 'rfc3164', facility: 'local7' });
    const byId = new Map(received.map((one) => [/ delivery_id=(\S+)$/.exec(one.text)?.[1], one]));
    for (const message of messages) {
      const one = byId.get(message.deliveryId) ?? expect.unreachable(`${message.deliveryId} did not arrive`);
      expect(one).toMatchObject({ input: transport, host: hostname().split('.')[0], tag: 'tocsin:' });
      expect(one.pri >> 3).toBe(23);
      expect(one.text.trim()).toBe(`${oneLine(message.content)} delivery_id=${message.deliveryId}`);
    }
  });

  it('accepts the longest messages without cutting them', async () => {
    const event: Partial<AlertEvent> = {
      content: '温度过高'.repeat(5_000),
      annotations: { runbook: 'r'.repeat(9_000) },
    };
    const content = '磁盘将满'.repeat(3_000);
    const [long] = await sendAll(transport, [testMessage(syslog, { deliveryId: 'long', content, event })]);
    const { data, text } = parseRfc5424(long?.raw ?? '');
    expect(text).toMatch(/^[磁盘将满]+…$/);
    expect(data[OWN_ELEMENT]).toMatchObject({ delivery_id: 'long', content: expect.stringMatching(/^[温度过高]+…$/) });
    expect(cutOf(data)).toEqual(new Set(['content', 'annotations']));
    const [old] = await sendAll(transport, [testMessage(syslog, { content, event })], { format: 'rfc3164' });
    expect(old?.text).toMatch(/^ [磁盘将满]+… delivery_id=d1$/);
  });

  it('that is paused or restarted loses no message that was reported as delivered', async () => {
    const named = (deliveryId: string) => testMessage(syslog, { deliveryId });
    await sendAll(transport, [named('before')]);
    rsyslogd.signal('SIGSTOP');
    const stalled = await send(transport, named('stalled'));
    rsyslogd.signal('SIGCONT');
    sentSoFar += stalled.kind === 'delivered' ? 1 : 0;
    await waitFor(() => rsyslogd.received().length >= sentSoFar, { what: 'the message that waited' });
    await rsyslogd.stop();
    expect(await send(transport, named('away'))).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    await rsyslogd.start();
    const [back] = await sendAll(transport, [named('back')]);
    expect(back?.data[OWN_ELEMENT]?.delivery_id).toBe('back');
  });
});

it('nothing is sent to an rsyslogd with a certificate of an unknown authority', async () => {
  const outcome = await send('tls', testMessage(syslog), { caCert: undefined });
  expect(outcome).toMatchObject({ kind: 'unavailable', code: expect.stringMatching(/VERIFY|CERT/) });
});
