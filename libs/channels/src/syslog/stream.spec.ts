import { connect, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type SyslogReceiver, startSyslogReceiver } from '../../test/syslog-receiver.js';
import type { SyslogFailure } from './failure.js';
import { SyslogStream } from './stream.js';

let receiver: SyslogReceiver;
let stream: SyslogStream;
/** Whether the receiver reads. */
let reads: boolean;
const never = new AbortController().signal;

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
  });

beforeEach(async () => {
  reads = true;
  receiver = await startSyslogReceiver({ onConnection: ({ socket }) => void (reads || socket.pause()) });
  stream = new SyslogStream(() => opened(receiver.port));
});
afterEach(async () => {
  stream.close();
  await receiver.stop();
});

/** What becomes of messages that are sent at once: taken, perhaps taken, or not sent. */
async function sendAll(messages: readonly string[], timeoutMs: number, signal = never) {
  const fates = await Promise.all(
    messages.map((message) =>
      stream.send(message, { timeoutMs, signal }).then(
        () => 'taken' as const,
        (failure: SyslogFailure) => (failure.sent ? ('unknown' as const) : ('not sent' as const)),
      ),
    ),
  );
  return messages.map((message, index) => ({ id: message.slice(0, message.indexOf(' ')), fate: fates[index] }));
}

/** More than the buffers of both systems hold. */
const FLOOD = Array.from({ length: 4_000 }, (_, index) => `m${index} ${'x'.repeat(8_000)}`);

describe('a receiver that hangs', () => {
  it('loses the connection, nothing follows half a message, and what was not written is known not to be', async () => {
    reads = false;
    const fates = await sendAll(FLOOD, 300);
    expect(new Set(fates.map(({ fate }) => fate))).toEqual(new Set(['taken', 'unknown', 'not sent']));
    reads = true;
    for (const { socket } of receiver.connections) socket.resume();
    await sendAll(['after '], 5_000);
    for (const { socket } of receiver.connections.slice(0, -1))
      if (!socket.closed) await new Promise((done) => socket.once('close', done));

    await expect.poll(() => receiver.connections.at(-1)?.messages.at(-1)).toBe('after ');
    const got = receiver.connections.map(({ messages }) =>
      messages.map((message) => message.slice(0, message.indexOf(' '))),
    );
    const all = got.flat();
    expect(new Set(all).size).toBe(all.length);
    for (const { id, fate } of fates) if (fate === 'not sent') expect(all).not.toContain(id);
    expect(all.filter((id) => id !== 'after')).toEqual(fates.filter(({ id }) => all.includes(id)).map(({ id }) => id));
  });

  it('is given up at once when the process is', async () => {
    reads = false;
    const begin = performance.now();
    const fates = await sendAll(FLOOD, 60_000, AbortSignal.timeout(300));
    expect(performance.now() - begin).toBeLessThan(5_000);
    expect(fates.at(-1)?.fate).toBe('not sent');
  });
});

it('what waits for a connection is told why there is none', async () => {
  const failing = new SyslogStream(() =>
    Promise.reject(Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' })),
  );
  const sends = ['a', 'b'].map((message) => failing.send(message, { timeoutMs: 1_000, signal: never }));
  for (const sent of sends) await expect(sent).rejects.toMatchObject({ code: 'EHOSTUNREACH', sent: false });
});

it('a connection that takes too long to open ends what waits for it in time', async () => {
  const slow = new SyslogStream(() => new Promise(() => {}));
  await expect(slow.send('a', { timeoutMs: 30, signal: never })).rejects.toMatchObject({
    code: 'TIMEOUT',
    sent: false,
  });
});

it('closing lets what is under way come to its end', async () => {
  const sent = stream.send('last', { timeoutMs: 1_000, signal: never });
  stream.close();
  await sent;
  await expect.poll(() => receiver.connections.map(({ messages }) => messages)).toEqual([['last']]);
});
