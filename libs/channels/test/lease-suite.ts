import diagnostics from 'node:diagnostics_channel';
import { Socket } from 'node:net';
import { afterAll, afterEach, beforeAll, expect, it, type MockInstance, vi } from 'vitest';
import type { Channel } from '../src/channel.js';
import type { SendMode } from './channel-suite.js';
import { Dropped } from './production-sender.js';
import { createBench, sharedBench, shownSince, turns } from './suite-bench.js';

/** The object of the event; its name is in every message, in plain letters. */
const OBJECT = 'lease-marker-7261';

/** Everything that sockets of this process write, before encryption. */
function tapSockets() {
  const prototype = Socket.prototype as unknown as Record<'_write' | '_writev', (...args: unknown[]) => unknown>;
  const written: string[] = [];
  const keep = (chunk: unknown): void => void written.push(String(chunk));
  const spies: MockInstance[] = [];
  return {
    start(): void {
      const { _write: write, _writev: writev } = prototype;
      spies.push(
        vi.spyOn(prototype, '_write').mockImplementation(function (this: Socket, chunk, ...rest) {
          keep(chunk);
          return write.call(this, chunk, ...rest);
        }),
        vi.spyOn(prototype, '_writev').mockImplementation(function (this: Socket, chunks, ...rest) {
          for (const { chunk } of chunks as { chunk: unknown }[]) keep(chunk);
          return writev.call(this, chunks, ...rest);
        }),
      );
    },
    take: (): string => written.splice(0).join(''),
    stop(): void {
      for (const spy of spies) spy.mockRestore();
    },
  };
}

/** A lease that runs out when the next connection of this process is open. */
function leaseUntilConnected() {
  let connected = false;
  const onSocket = (message: unknown): void =>
    void (message as { socket: Socket }).socket.once('connect', () => {
      connected = true;
    });
  diagnostics.subscribe('net.client.socket', onSocket);
  return {
    get isHeld() {
      return !connected;
    },
    ranOut: () => connected,
    forget: () => diagnostics.unsubscribe('net.client.socket', onSocket),
  };
}

/** A lease that runs out after the first look at it, before the channel is asked to send. */
function leaseForOneLook() {
  let looks = 0;
  return {
    get isHeld() {
      return looks++ === 0;
    },
  };
}

/** The requirement of every channel for a worker whose in-flight lease has run out: no byte of the message is written. */
export function leaseSuite(channel: Channel, mode: SendMode): void {
  const bench = sharedBench(channel, mode);
  const sockets = tapSockets();
  beforeAll(sockets.start);
  afterEach(() => void sockets.take());
  afterAll(sockets.stop);

  it('writes nothing of the message over a connection that opened as the lease ran out', async () => {
    const fresh = await createBench(channel, mode);
    fresh.fake.play('delivered');
    const lease = leaseUntilConnected();
    try {
      await expect(fresh.sender.send({ event: { object: OBJECT }, lease })).rejects.toThrow(Dropped);
      expect(lease.ranOut()).toBe(true);
      await turns();
      expect(sockets.take()).not.toContain(OBJECT);
      expect([fresh.fake.shown, fresh.fake.complaints]).toEqual([[], []]);
      // The same sender sends the next message whose lease holds.
      await fresh.sender.send({ event: { object: OBJECT } });
      expect((await shownSince(fresh.fake, 0))[0]).toContain(OBJECT);
    } finally {
      lease.forget();
      await fresh.sender.close();
      await fresh.fake.close();
    }
  });

  it('writes nothing of the message over a connection that is kept open', async () => {
    bench.fake.play('delivered');
    await bench.sender.send({ event: { object: OBJECT } });
    await shownSince(bench.fake, 0);
    expect(sockets.take()).toContain(OBJECT);
    await expect(bench.sender.send({ event: { object: OBJECT }, lease: leaseForOneLook() })).rejects.toThrow(Dropped);
    await turns();
    expect(sockets.take()).not.toContain(OBJECT);
    expect(bench.fake.shown).toHaveLength(1);
    await bench.sender.send({ event: { object: OBJECT } });
    await shownSince(bench.fake, 1);
  });
}
