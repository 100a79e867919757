import { connect, type Socket } from 'node:net';
import { Duplex } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { type SyslogReceiver, startSyslogReceiver } from '../../test/syslog-receiver.js';
import type { NetworkFailure } from '../kit/index.js';
import { SyslogStream } from './stream.js';

let receiver: SyslogReceiver;
let stream: SyslogStream;
/** Whether the receiver reads. */
let reads: boolean;
const never = new AbortController().signal;

let sender: Socket | undefined;
/** Bytes that have left for the system. */
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

/** More than the buffers of both systems hold. */
const FLOOD = Array.from({ length: 4_000 }, (_, index) => `m${index} ${'x'.repeat(8_000)}`);
const idOf = (message: string): string => message.slice(0, message.indexOf(' '));

/** What becomes of a flood that the receiver does not read and the process gives up: taken, perhaps taken, not sent. */
async function sendInVain() {
  const givenUp = new AbortController();
  const fates = FLOOD.map((message) =>
    stream.send(message, { timeoutMs: 60_000, signal: givenUp.signal }).then(
      () => 'taken' as const,
      (failure: NetworkFailure) => (failure.sent ? ('unknown' as const) : ('not sent' as const)),
    ),
  );
  let before = -1;
  while (sent() === 0 || sent() !== before) {
    before = sent();
    await sleep(200);
  }
  givenUp.abort();
  const all = await Promise.all(fates);
  return FLOOD.map((message, index) => ({ id: idOf(message), fate: all[index] }));
}

it('a receiver that hangs: nothing follows half a message, and what was not written is known not to be', async () => {
  reads = false;
  const fates = await sendInVain();
  expect(new Set(fates.map(({ fate }) => fate))).toEqual(new Set(['taken', 'unknown', 'not sent']));
  reads = true;
  for (const { socket } of receiver.connections) socket.resume();
  await stream.send('after ', { timeoutMs: 5_000, signal: never });
  await expect.poll(() => receiver.connections.at(-1)?.messages.at(-1)).toBe('after ');
  const [stuck, fresh] = receiver.connections;
  await expect.poll(() => stuck?.socket.closed).toBe(true);

  const got = stuck?.messages.map(idOf) ?? [];
  expect(got).toEqual(fates.slice(0, got.length).map(({ id }) => id));
  for (const { id, fate } of fates) if (fate === 'not sent') expect(got).not.toContain(id);
  expect(fresh?.messages).toEqual(['after ']);
});

/** A connection whose other end takes nothing at all. */
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

it('a message that is not taken in time costs the connection, and the next goes over another', async () => {
  const stuck = new StuckSocket();
  const sockets = [Promise.resolve(stuck as unknown as Socket), opened(receiver.port)];
  const other = new SyslogStream(() => sockets.shift() ?? expect.unreachable('opened too often'));
  const first = other.send('first', { timeoutMs: 200, signal: never });
  await expect.poll(() => stuck.written).toBe(1);
  const second = other.send('second', { timeoutMs: 30_000, signal: never });
  await expect(first).rejects.toMatchObject({ code: 'TIMEOUT', sent: true });
  await second;
  expect(stuck.destroyed).toBe(true);
  await expect.poll(() => receiver.connections[0]?.messages).toEqual(['second']);
  other.close();
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
