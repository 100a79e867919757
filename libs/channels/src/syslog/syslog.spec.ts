import { createSocket, Socket } from 'node:dgram';
import { once } from 'node:events';
import { afterAll, afterEach, describe, expect, it, vi } from 'vitest';
import type { Outcome } from '#libs/contracts';
import { LeaseExpired } from '#libs/network';
import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import { parseRfc5424 } from '../../test/rfc5424-reference.js';
import { type ReceiverOptions, type SyslogReceiver, startSyslogReceiver } from '../../test/syslog-receiver.js';
import { createTestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { syslog } from './index.js';

const open = createTestIo();
const denying = createTestIo({ deny: ['0.0.0.0/0', '::/0'] });
const receivers: SyslogReceiver[] = [];

afterEach(async () => {
  await Promise.all(receivers.splice(0).map((receiver) => receiver.stop()));
});
afterAll(async () => {
  await Promise.all([open.close(), denying.close()]);
});

async function start(options?: ReceiverOptions): Promise<SyslogReceiver> {
  const receiver = await startSyslogReceiver(options);
  receivers.push(receiver);
  return receiver;
}

interface Settings {
  target: string;
  caCert?: string;
  format?: string;
}

function send(settings: Settings, deliveryId = 'd1', signal?: AbortSignal, testIo = open): Promise<Outcome> {
  const config = syslog.config.parse(settings);
  const target = syslog.targets(config)[0] ?? expect.unreachable('there is no target');
  return syslog.send(testMessage(syslog, { deliveryId }), { config, target }, testIo.io(signal));
}

const idOf = (message: string): string | undefined => parseRfc5424(message).data['tocsin@32473']?.delivery_id;

async function bindUdp(port = 0) {
  const socket = createSocket('udp4');
  const datagrams: Buffer[] = [];
  socket.on('message', (datagram) => datagrams.push(datagram));
  socket.bind(port, '127.0.0.1');
  await once(socket, 'listening');
  return {
    port: socket.address().port,
    datagrams,
    close: () => new Promise<void>((done) => socket.close(() => done())),
  };
}

describe('settings', () => {
  it('have one target, labelled by its address', () => {
    const config = syslog.config.parse({ target: 'TCP://Logs.Example.com' });
    expect(syslog.targets(config)).toEqual([{ id: 'server', label: 'logs.example.com:514' }]);
    expect(config).toEqual({ target: 'TCP://Logs.Example.com', format: 'rfc5424', facility: 'local0' });
  });
});

describe('over UDP', () => {
  it('a message is one datagram, and the outcome says that arrival is not confirmed', async () => {
    const receiver = await bindUdp();
    const sent = ['a', 'b', 'c'].map((id) => send({ target: `127.0.0.1:${receiver.port}` }, id));
    for (const outcome of await Promise.all(sent)) {
      expect(outcome).toEqual({ kind: 'delivered', message: expect.stringContaining('does not confirm') });
    }
    await expect.poll(() => receiver.datagrams.map((datagram) => idOf(datagram.toString()))).toEqual(['a', 'b', 'c']);
    await receiver.close();
  });

  it('a closed port is reported, and a restarted server receives messages again', async () => {
    const receiver = await bindUdp();
    const target = `udp://localhost:${receiver.port}`;
    expect(await send({ target })).toMatchObject({ kind: 'delivered' });
    await receiver.close();
    expect(await send({ target })).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    expect(await send({ target })).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    const back = await bindUdp(receiver.port);
    expect(await send({ target }, 'back')).toMatchObject({ kind: 'delivered' });
    await expect.poll(() => back.datagrams).toHaveLength(1);
    await back.close();
  });
});

describe('a host without a free port, file descriptor or address family for UDP', () => {
  it('reports it in time, and opens a socket again for the next message', async () => {
    const receiver = await bindUdp();
    const bind = vi.spyOn(Socket.prototype, 'bind').mockImplementation(function (this: Socket) {
      this.emit('error', Object.assign(new Error('bind EAFNOSUPPORT'), { code: 'EAFNOSUPPORT' }));
      return this;
    });
    const target = `udp://127.0.0.1:${receiver.port}`;
    const sends = ['a', 'b'].map((id) => send({ target }, id));
    for (const outcome of await Promise.all(sends)) {
      expect(outcome).toMatchObject({ kind: 'unavailable', code: 'EAFNOSUPPORT' });
    }
    bind.mockRestore();
    expect(await send({ target }, 'c')).toMatchObject({ kind: 'delivered' });
    await receiver.close();
  });
});

describe('a name lookup that does not end', () => {
  const message = testMessage(syslog);
  const config = syslog.config.parse({ target: 'logs.example.com' });
  const [target = expect.unreachable('there is no target')] = syslog.targets(config);
  const resolve = (): Promise<never> => new Promise(() => {});

  it('ends a send over UDP at the time limit, and at once on abort', async () => {
    vi.useFakeTimers();
    const late = syslog.send(message, { config, target }, { ...open.io(), resolve });
    await vi.advanceTimersByTimeAsync(syslog.timeoutMs(config));
    vi.useRealTimers();
    expect(await late).toMatchObject({ kind: 'unavailable', code: 'TIMEOUT' });
    const givenUp = syslog.send(message, { config, target }, { ...open.io(AbortSignal.timeout(20)), resolve });
    expect(await givenUp).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
  });
});

describe('over TCP', () => {
  it('deliveries share one connection and arrive complete and in order', async () => {
    const receiver = await start();
    const target = `tcp://localhost:${receiver.port}`;
    const ids = Array.from({ length: 300 }, (_, index) => `d${index}`);
    const outcomes = await Promise.all(ids.map((id) => send({ target }, id)));
    expect(new Set(outcomes.map((outcome) => outcome.kind))).toEqual(new Set(['delivered']));
    await send({ target }, 'last');
    await expect.poll(() => receiver.connections[0]?.messages.map(idOf)).toEqual([...ids, 'last']);
    expect(receiver.connections).toHaveLength(1);
  });

  it('a connection that the receiver has closed is not used again', async () => {
    const receiver = await start();
    const target = `tcp://localhost:${receiver.port}`;
    for (const id of ['one', 'two', 'three']) {
      expect(await send({ target }, id)).toEqual({ kind: 'delivered' });
      await expect.poll(() => receiver.connections.at(-1)?.messages).toHaveLength(1);
      receiver.connections.at(-1)?.socket.destroy();
    }
    expect(receiver.connections.map(({ messages }) => messages.map(idOf))).toEqual([['one'], ['two'], ['three']]);
  });

  it.each(['end', 'destroy', 'resetAndDestroy'] as const)(
    'a message after which the receiver calls %s is unknown',
    async (act) => {
      const receiver = await start({ onConnection: ({ socket }) => socket.once('data', () => socket[act]()) });
      expect(await send({ target: `tcp://localhost:${receiver.port}` })).toMatchObject({
        kind: 'unknown',
        code: 'ECONNRESET',
        message: expect.stringMatching(/\S/),
      });
    },
  );

  it('a server that is down is unavailable, and each send tries to connect again', async () => {
    const receiver = await start();
    const target = `tcp://127.0.0.1:${receiver.port}`;
    await receiver.stop();
    expect(await send({ target })).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    await start({ port: receiver.port });
    expect(await send({ target })).toEqual({ kind: 'delivered' });
  });
});

describe('over TLS', () => {
  it('a message goes to a receiver whose certificate is trusted and matches its name', async () => {
    const receiver = await start({ tls: SERVER });
    for (const host of ['localhost', '127.0.0.1']) {
      const target = `tls://${host}:${receiver.port}`;
      expect(await send({ target, caCert: AUTHORITY }, host)).toEqual({ kind: 'delivered' });
    }
    const ids = () => receiver.connections.flatMap(({ messages }) => messages.map(idOf));
    await expect.poll(ids).toEqual(['localhost', '127.0.0.1']);
  });

  it.each([
    ['of an unknown authority', 'localhost', undefined, 'UNABLE_TO_VERIFY_LEAF_SIGNATURE'],
    ['for another name', '127.0.0.2', AUTHORITY, 'ERR_TLS_CERT_ALTNAME_INVALID'],
  ])('a certificate %s is refused, and nothing is sent', async (_name, host, caCert, code) => {
    const receiver = await start({ tls: SERVER });
    const settings = { target: `tls://${host}:${receiver.port}`, ...(caCert && { caCert }) };
    expect(await send(settings)).toMatchObject({ kind: 'unavailable', code });
    expect(receiver.connections.flatMap(({ messages }) => messages)).toEqual([]);
  });

  it('a server without TLS is unavailable', async () => {
    const receiver = await start({ onConnection: ({ socket }) => socket.removeAllListeners('data').end('what?') });
    expect(await send({ target: `tls://localhost:${receiver.port}` })).toMatchObject({ kind: 'unavailable' });
  });

  it('a connection that the receiver has closed is not used again', async () => {
    const receiver = await start({ tls: SERVER });
    const settings = { target: `tls://localhost:${receiver.port}`, caCert: AUTHORITY };
    for (const id of ['one', 'two']) {
      expect(await send(settings, id)).toEqual({ kind: 'delivered' });
      await expect.poll(() => receiver.connections.at(-1)?.messages).toHaveLength(1);
      receiver.connections.at(-1)?.socket.destroy();
    }
    expect(receiver.connections.map(({ messages }) => messages.map(idOf))).toEqual([['one'], ['two']]);
  });
});

it('over udp, nothing is sent when the in-flight lease has run out, and the next message is', async () => {
  const receiver = await bindUdp();
  const config = syslog.config.parse({ target: `udp://127.0.0.1:${receiver.port}` });
  const to = { config, target: { id: 'server', label: '' } };
  const io = open.io();
  const refusing = {
    ...io,
    beforeWrite() {
      throw new LeaseExpired();
    },
  };
  expect(await syslog.send(testMessage(syslog, { deliveryId: 'late' }), to, refusing)).toMatchObject({
    kind: 'unavailable',
    code: 'LEASE_EXPIRED',
  });
  expect(await syslog.send(testMessage(syslog, { deliveryId: 'held' }), to, io)).toMatchObject({ kind: 'delivered' });
  await expect.poll(() => receiver.datagrams.length).toBe(1);
  expect(idOf(String(receiver.datagrams[0]))).toBe('held');
  await receiver.close();
});

describe.each(['udp', 'tcp', 'tls'])('over %s', (transport) => {
  it('a denied address is misconfigured', async () => {
    for (const host of ['127.0.0.1', 'localhost']) {
      const outcome = await send({ target: `${transport}://${host}:9` }, 'd1', undefined, denying);
      expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    }
  });

  it('nothing is sent after an abort', async () => {
    const outcome = await send({ target: `${transport}://127.0.0.1:9` }, 'd1', AbortSignal.abort());
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
  });
});
