import { createServer, type Server, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { createGuardedSockets } from './guarded-sockets.js';
import type { Resolve } from './name-lookup.js';

let server: Server;
let port: number;
const accepted: Socket[] = [];
const never = new AbortController().signal;

beforeAll(async () => {
  server = createServer((socket) => accepted.push(socket));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  port = (server.address() as { port: number }).port;
});
afterAll(() => {
  for (const socket of accepted) socket.destroy();
  server.close();
});

const resolveTo =
  (...addresses: string[]): Resolve =>
  (_host, answer) =>
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );

describe('a connection', () => {
  it('is opened to an address and to a name', async () => {
    const sockets = createGuardedSockets({ deny: [], resolve: resolveTo('127.0.0.1') });
    for (const host of ['127.0.0.1', 'receiver.example']) {
      const socket = await sockets.connect({ host, port, timeoutMs: 2_000, signal: never });
      expect(socket.remotePort).toBe(port);
      socket.destroy();
    }
  });

  it('is refused to a denied address in every spelling, and nothing is connected', async () => {
    const before = accepted.length;
    const sockets = createGuardedSockets({ deny: ['127.0.0.0/8'], resolve: resolveTo('127.0.0.1') });
    for (const host of ['127.0.0.1', '::ffff:127.0.0.1', 'receiver.example']) {
      const asked = sockets.connect({ host, port, timeoutMs: 2_000, signal: never });
      await expect(asked).rejects.toMatchObject({ code: 'EGRESS_DENIED', sent: false });
    }
    expect(accepted).toHaveLength(before);
  });

  it('goes to the addresses of a name that are not denied', async () => {
    const sockets = createGuardedSockets({ deny: ['10.0.0.0/8'], resolve: resolveTo('10.0.0.1', '127.0.0.1') });
    const socket = await sockets.connect({ host: 'both.example', port, timeoutMs: 2_000, signal: never });
    expect(socket.remoteAddress).toBe('127.0.0.1');
    socket.destroy();
  });

  it('fails at its time limit without an answer, and at once when aborted', async () => {
    const sockets = createGuardedSockets({ deny: [], resolve: () => {} });
    const late = sockets.connect({ host: 'slow.example', port, timeoutMs: 50, signal: never });
    await expect(late).rejects.toMatchObject({ code: 'TIMEOUT', sent: false });
    const given = sockets.connect({ host: 'slow.example', port, timeoutMs: 60_000, signal: AbortSignal.timeout(20) });
    await expect(given).rejects.toMatchObject({ code: 'ABORTED', sent: false });
    const before = sockets.connect({ host: '127.0.0.1', port, timeoutMs: 2_000, signal: AbortSignal.abort() });
    await expect(before).rejects.toMatchObject({ code: 'ABORTED' });
  });

  it('that breaks before it has a listener does not end the process', async () => {
    const sockets = createGuardedSockets({ deny: [] });
    const socket = await sockets.connect({ host: '127.0.0.1', port, timeoutMs: 2_000, signal: never });
    await expect.poll(() => accepted.some(({ remotePort }) => remotePort === socket.localPort)).toBe(true);
    accepted.find(({ remotePort }) => remotePort === socket.localPort)?.resetAndDestroy();
    await expect.poll(() => socket.closed).toBe(true);
    expect(socket.errored).toMatchObject({ code: 'ECONNRESET' });
  });

  it('that is refused fails with ECONNREFUSED', async () => {
    const sockets = createGuardedSockets({ deny: [] });
    const asked = sockets.connect({ host: '127.0.0.1', port: 1, timeoutMs: 2_000, signal: never });
    await expect(asked).rejects.toMatchObject({ code: 'ECONNREFUSED', sent: false });
  });
});

describe('a name', () => {
  it('is resolved to an address that is not denied', async () => {
    const sockets = createGuardedSockets({ deny: ['10.0.0.0/8'], resolve: resolveTo('10.0.0.1', 'fd00::1') });
    expect(await sockets.resolve('both.example')).toEqual({ address: 'fd00::1', family: 6 });
    expect(await sockets.resolve('192.0.2.1')).toEqual({ address: '192.0.2.1', family: 4 });
    await expect(sockets.resolve('10.1.1.1')).rejects.toMatchObject({ code: 'EGRESS_DENIED' });
  });
});
