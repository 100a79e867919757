import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SyslogReceiver, startSyslogReceiver } from '../../test/syslog-receiver.js';
import type { NetworkFailure } from '../kit/index.js';
import { SyslogStream } from './stream.js';

let receiver: SyslogReceiver;
let stream: SyslogStream;
/** Whether the receiver reads from its connections. */
let reads: boolean;
const never = new AbortController().signal;
const beforeWrite = (): void => {};

let sender: Socket | undefined;
/** Bytes that were passed to the operating system. */
const sent = (): number => (sender ? sender.bytesWritten - sender.writableLength : 0);

const opened = (port: number): Promise<Socket> =>
  new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => resolve(socket)).once('error', reject);
    sender = socket;
  });

beforeEach(async () => {
  reads = true;
  sender = undefined;
  receiver = await startSyslogReceiver({ onConnection: ({ socket }) => void (reads || socket.pause()) });
  stream = new SyslogStream(() => opened(receiver.port));
});
afterEach(async () => {
  stream.close();
  await receiver.stop();
});

/** More bytes than the socket buffers of both sides hold. */
const FLOOD = Array.from({ length: 4_000 }, (_, index) => `m${index} ${'x'.repeat(8_000)}`);
const idOf = (message: string): string => message.slice(0, message.indexOf(' '));

/** Sends a flood that the receiver does not read, aborts it, and returns the result of each message. */
async function floodAndAbort() {
  const givenUp = new AbortController();
  const results = FLOOD.map((message) =>
    stream.send(message, { timeoutMs: 60_000, signal: givenUp.signal, beforeWrite }).then(
      () => 'accepted' as const,
      (failure: NetworkFailure) => (failure.sent ? ('unknown' as const) : ('not sent' as const)),
    ),
  );
  let before = -1;
  while (sent() === 0 || sent() !== before) {
    before = sent();
    await sleep(200);
  }
  givenUp.abort();
  const all = await Promise.all(results);
  return FLOOD.map((message, index) => ({ id: idOf(message), result: all[index] }));
}

it('after a receiver hangs, nothing follows a partial message, and unwritten messages are reported as not sent', async () => {
  reads = false;
  const results = await floodAndAbort();
  expect(new Set(results.map(({ result }) => result))).toEqual(new Set(['accepted', 'unknown', 'not sent']));
  reads = true;
  for (const { socket } of receiver.connections) socket.resume();
  await stream.send('after ', { timeoutMs: 5_000, signal: never, beforeWrite });
  await expect.poll(() => receiver.connections.at(-1)?.messages.at(-1)).toBe('after ');
  const [stuck, fresh] = receiver.connections;
  await expect.poll(() => stuck?.socket.closed).toBe(true);

  const got = stuck?.messages.map(idOf) ?? [];
  expect(got).toEqual(results.slice(0, got.length).map(({ id }) => id));
  for (const { id, result } of results) if (result === 'not sent') expect(got).not.toContain(id);
  expect(fresh?.messages).toEqual(['after ']);
});

/** A connection whose other end reads nothing. */
class StuckSocket extends Duplex {
  written = 0;
  override _read(): void {}
  override _write(): void {
    this.written++;
  }
  setKeepAlive(): this {
    return this;
  }
}

it('a message that is not accepted in time closes the connection, and the next one uses another', async () => {
  const stuck = new StuckSocket();
  const sockets = [Promise.resolve(stuck as unknown as Socket), opened(receiver.port)];
  const other = new SyslogStream(() => sockets.shift() ?? expect.unreachable('opened too often'));
  const first = other.send('first', { timeoutMs: 200, signal: never, beforeWrite });
  await expect.poll(() => stuck.written).toBe(1);
  const second = other.send('second', { timeoutMs: 30_000, signal: never, beforeWrite });
  await expect(first).rejects.toMatchObject({ code: 'TIMEOUT', sent: true });
  await second;
  expect(stuck.destroyed).toBe(true);
  await expect.poll(() => receiver.connections[0]?.messages).toEqual(['second']);
  other.close();
});

it('messages that wait for a connection get the error of opening it', async () => {
  const failing = new SyslogStream(() =>
    Promise.reject(Object.assign(new Error('no route'), { code: 'EHOSTUNREACH' })),
  );
  const sends = ['a', 'b'].map((message) => failing.send(message, { timeoutMs: 1_000, signal: never, beforeWrite }));
  for (const sent of sends) await expect(sent).rejects.toMatchObject({ code: 'EHOSTUNREACH', sent: false });
});

it('messages that wait for a connection have their own time limit', async () => {
  const slow = new SyslogStream(() => new Promise(() => {}));
  await expect(slow.send('a', { timeoutMs: 30, signal: never, beforeWrite })).rejects.toMatchObject({
    code: 'TIMEOUT',
    sent: false,
  });
});

it('closing lets messages in flight finish', async () => {
  const sent = stream.send('last', { timeoutMs: 1_000, signal: never, beforeWrite });
  stream.close();
  await sent;
  await expect.poll(() => receiver.connections.map(({ messages }) => messages)).toEqual([['last']]);
});
