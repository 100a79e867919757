import { createServer } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, it } from 'vitest';
import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import { kafkaSenders, LOGIN, messages, SASL } from '../../test/kafka-sender.js';

const { start, stop, sender, senderByPassword } = kafkaSenders();

describe('a login', () => {
  it('is the first request of a connection', async () => {
    const broker = await start({ login: LOGIN });
    expect(await sender(broker.port, { sasl: SASL })()).toMatchObject({ kind: 'delivered' });
    expect(broker.complaints).toEqual([]);
  });

  it('that the broker refuses is misconfigured, with the text of the broker', async () => {
    const broker = await start({ login: LOGIN });
    const outcome = await sender(broker.port, { sasl: { ...SASL, password: 'not-the-password' } })();
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      code: 'SASL_AUTHENTICATION_FAILED',
      message: expect.stringContaining('Invalid username or password'),
    });
  });

  it('by a mechanism that the broker does not support is misconfigured', async () => {
    const broker = await start({ login: LOGIN });
    const outcome = await sender(broker.port, { sasl: { ...SASL, mechanism: 'scram-sha-512' } })();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'UNSUPPORTED_SASL_MECHANISM' });
  });

  it('on a port that accepts none is misconfigured', async () => {
    const broker = await start();
    const outcome = await sender(broker.port, { sasl: SASL })();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'ILLEGAL_SASL_STATE' });
  });

  it('that is missing is suggested when the broker closes the connection', async () => {
    const broker = await start({ login: LOGIN });
    const outcome = await sender(broker.port)();
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'CLOSED', message: expect.stringContaining('login') });
  });

  it('with another password uses another client', async () => {
    const broker = await start({ login: LOGIN });
    const send = senderByPassword(broker.port);
    expect(await send(LOGIN.password)).toMatchObject({ kind: 'delivered' });
    expect(await send('wrong')).toMatchObject({ kind: 'misconfigured' });
    expect(await send(LOGIN.password)).toMatchObject({ kind: 'delivered' });
  });
});

describe('TLS', () => {
  it('trusts the authority of the settings', async () => {
    const broker = await start({ tls: SERVER });
    const send = sender(broker.port, { tls: true, caCert: AUTHORITY });
    expect(await send()).toMatchObject({ kind: 'delivered' });
  });

  it('refuses a certificate of an authority that is not trusted', async () => {
    const broker = await start({ tls: SERVER });
    expect(await sender(broker.port, { tls: true })()).toMatchObject({
      kind: 'unavailable',
      code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
      message: expect.stringContaining('caCert'),
    });
    expect(broker.batches).toEqual([]);
  });

  it('refuses the certificate of another host', async () => {
    const broker = await start({ tls: SERVER, host: '127.0.0.2' });
    const send = sender(broker.port, { tls: true, caCert: AUTHORITY }, { host: '127.0.0.2' });
    expect(await send()).toMatchObject({ kind: 'unavailable', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
  });
});

describe('addresses that deliveries may not reach', () => {
  it.each(['127.0.0.1', 'localhost'])('are not connected to as the first broker, by %s', async (host) => {
    const broker = await start();
    const send = sender(broker.port, {}, { deny: ['127.0.0.0/8', '::1/128'], host });
    expect(await send()).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    expect(broker.connections).toBe(0);
  });

  it.each(['127.0.0.2', 'localhost'])('are not connected to when a cluster advertises %s', async (host) => {
    let connections = 0;
    const listener = createServer(() => connections++);
    await new Promise<void>((resolve) => listener.listen(0, '0.0.0.0', resolve));
    const { port } = listener.address() as { port: number };
    const hostile = await start({ host: '127.0.0.3', advertised: { host, port } });
    const send = sender(hostile.port, {}, { deny: ['127.0.0.1/32', '127.0.0.2/32', '::1/128'], host: '127.0.0.3' });
    expect(await send()).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
    expect(hostile.connections).toBeGreaterThan(0);
    expect(connections).toBe(0);
    await new Promise((resolve) => listener.close(resolve));
  });
});

describe('a broker', () => {
  it('that is down makes records fail until it is up again', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    const { port } = broker;
    await stop(broker);
    for (const outcome of await Promise.all(messages(10).map((changes) => send(changes)))) {
      expect(outcome).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
    }
    const restarted = await start({ port });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(restarted.records).toHaveLength(1);
  });

  it('is replaced by the next one of the settings if it is down', async () => {
    const broker = await start();
    const send = sender(0, { brokers: ['127.0.0.1:1', `127.0.0.1:${broker.port}`] });
    expect(await send()).toMatchObject({ kind: 'delivered' });
  });

  it('that closes an idle connection costs no delivery', async () => {
    const broker = await start();
    const send = sender(broker.port);
    for (let n = 0; n < 3; n++) {
      expect(await send()).toMatchObject({ kind: 'delivered' });
      broker.drop();
      await sleep(20);
    }
  });

  it('that closes the connection with records in flight may have stored them', async () => {
    const broker = await start();
    const send = sender(broker.port);
    await send();
    broker.onProduce = () => 'close';
    expect(await send()).toMatchObject({ kind: 'unknown', code: 'CLOSED' });
    broker.onProduce = () => 'NONE';
    expect(await send()).toMatchObject({ kind: 'delivered' });
  });
});
