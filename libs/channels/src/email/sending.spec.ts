import { afterEach, describe, expect, it } from 'vitest';
import { AUTHORITY, SERVER } from '../../../security/test/certificates.js';
import { type MailServer, type MailServerOptions, startMailServer } from '../../test/mail-server.js';
import { createTestIo, type TestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import type { Platform } from '../channel.js';
import { email } from './index.js';

const TO = ['a@example.org', 'b@example.org', 'c@example.org'];
const LOGIN = { username: 'alerts', password: 'hunter22' };

const servers: MailServer[] = [];
const ios: TestIo[] = [];
afterEach(async () => {
  await Promise.all(ios.splice(0).map((testIo) => testIo.close()));
  await Promise.all(servers.splice(0).map((server) => server.stop()));
});

async function serve(options: MailServerOptions = {}): Promise<MailServer> {
  const server = await startMailServer({ certificate: SERVER, ...options });
  servers.push(server);
  return server;
}

/** A function that sends to a server with the settings; each has connections of its own. */
function sender(server: MailServer, settings: object = {}, platform: Platform = {}, deny: string[] = []) {
  const testIo = createTestIo({ platform, deny });
  ios.push(testIo);
  const own = 'smtpUrl' in platform ? {} : { host: server.host, port: server.port, security: 'none' };
  const config = email.config.parse({ from: 'Alerts <alerts@example.org>', to: TO, ...own, ...settings });
  return (changes: Parameters<typeof testMessage>[1] = {}) =>
    email.send(testMessage(email, changes), { config, target: { id: 'list', label: '' } }, testIo.io());
}

describe('over TLS', () => {
  it.each(['starttls', 'tls'] as const)('by %s, with a login', async (security) => {
    const server = await serve({ security, login: LOGIN });
    const send = sender(server, { security, caCert: AUTHORITY, ...LOGIN });
    expect(await send()).toMatchObject({ kind: 'delivered', code: '250' });
    expect(server.mails).toMatchObject([{ secure: true, user: 'alerts', from: 'alerts@example.org', to: TO }]);
  });

  it.each(['starttls', 'tls'] as const)('by %s, not with a certificate of an unknown authority', async (security) => {
    const server = await serve({ security });
    const outcome = await sender(server, { security })();
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'UNABLE_TO_VERIFY_LEAF_SIGNATURE' });
    expect(server.asked).toEqual([]);
  });

  it.each(['starttls', 'tls'] as const)('by %s, not with the certificate of another host', async (security) => {
    const server = await serve({ security, host: '127.0.0.2' });
    const outcome = await sender(server, { security, caCert: AUTHORITY })();
    expect(outcome).toMatchObject({ kind: 'unavailable', code: 'ERR_TLS_CERT_ALTNAME_INVALID' });
    expect(server.asked).toEqual([]);
  });

  it('or not at all: nothing is sent unencrypted to a server without STARTTLS', async () => {
    const server = await serve({ login: LOGIN });
    const outcome = await sender(server, { security: 'starttls', ...LOGIN })();
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('does not support STARTTLS'),
    });
    expect(server.asked).toEqual([]);
  });
});

describe('a login', () => {
  it('that is refused is misconfigured, and redacted', async () => {
    const server = await serve({ security: 'tls', login: LOGIN });
    const wrong = { username: 'alerts', password: 'not-the-password' };
    const outcome = await sender(server, { security: 'tls', caCert: AUTHORITY, ...wrong })();
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: '535' });
    expect(JSON.stringify(outcome)).not.toContain(wrong.password);
  });

  it('that is missing is misconfigured', async () => {
    const server = await serve({ login: LOGIN });
    expect(await sender(server)()).toMatchObject({ kind: 'misconfigured', code: '530' });
  });

  it('is attempted even if the server does not advertise it', async () => {
    const server = await serve();
    expect(await sender(server, LOGIN)()).toMatchObject({ kind: 'misconfigured' });
    expect(server.mails).toEqual([]);
  });
});

describe('the platform', () => {
  it('provides mail server and sender for endpoints without their own', async () => {
    const server = await serve({ login: LOGIN });
    const smtpUrl = `smtp://alerts:hunter22@127.0.0.1:${server.port}`;
    const send = sender(server, { from: undefined }, { smtpUrl, smtpFrom: 'T <t@example.org>' });
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(server.mails).toMatchObject([{ from: 't@example.org', user: 'alerts' }]);
  });

  it('has its password redacted when the server repeats it', async () => {
    const server = await serve({ login: LOGIN });
    server.onSender = () => `550 not you, hunter22 ${Buffer.from('hunter22').toString('base64')}`;
    const outcome = await sender(server, {}, { smtpUrl: `smtp://alerts:hunter22@127.0.0.1:${server.port}` })();
    expect(outcome).toMatchObject({
      kind: 'misconfigured',
      message: expect.stringContaining('not you, ******** ********'),
    });
    expect(outcome.excerpt).not.toContain('hunter22');
  });

  it('without a mail server makes the endpoint misconfigured', async () => {
    const testIo = createTestIo();
    ios.push(testIo);
    const config = email.config.parse({ to: TO });
    const outcome = await email.send(testMessage(email), { config, target: { id: 'list', label: '' } }, testIo.io());
    expect(outcome).toMatchObject({ kind: 'misconfigured', code: 'HOST' });
  });
});

describe('recipients', () => {
  it('that are refused temporarily are retried alone, until all have the mail', async () => {
    const server = await serve();
    const send = sender(server);
    server.onRecipient = (address) => (address === 'b@example.org' ? '450 4.2.0 greylisted' : undefined);
    const first = await send({ deliveryId: 'd1' });
    expect(first).toMatchObject({ kind: 'unavailable', code: '450', remaining: ['b@example.org'] });
    const earlier = { remaining: first.remaining ?? [], refused: first.partial ?? [] };
    expect(await send({ deliveryId: 'd1', earlier })).toMatchObject(first);
    server.onRecipient = () => undefined;
    expect(await send({ deliveryId: 'd1', earlier })).toMatchObject({ kind: 'delivered', code: '250' });
    expect(server.mails.map(({ to }) => to)).toEqual([['a@example.org', 'c@example.org'], ['b@example.org']]);
    const [one, other] = server.mails.map(({ raw }) => raw.replaceAll(/_NmP-\w+/g, 'boundary'));
    expect(one).toBe(other);
    expect(server.asked).toHaveLength(3 + 1 + 1);
  });

  it('get the mail although one of them is refused permanently', async () => {
    const server = await serve();
    server.onRecipient = (address) => (address === 'b@example.org' ? '550 5.1.1 no such user' : undefined);
    const outcome = await sender(server)();
    expect(outcome).toMatchObject({ kind: 'delivered', partial: ['b@example.org'] });
    expect(outcome.message).toContain('b@example.org (550 5.1.1 no such user)');
    expect(server.mails).toMatchObject([{ to: ['a@example.org', 'c@example.org'] }]);
  });

  it('have results of their own: one accepted, one refused temporarily, one permanently', async () => {
    const server = await serve();
    const replies = new Map([
      ['b@example.org', '451 4.7.1 later'],
      ['c@example.org', '550 5.1.1 no such user'],
    ]);
    server.onRecipient = (address) => replies.get(address);
    expect(await sender(server)()).toMatchObject({
      kind: 'unavailable',
      remaining: ['b@example.org'],
      partial: ['c@example.org'],
    });
  });

  it('that are all refused make the mail rejected, with the reply of the server', async () => {
    const server = await serve();
    server.onRecipient = () => '550 5.1.1 no such user';
    const outcome = await sender(server)();
    expect(outcome).toMatchObject({ kind: 'rejected', code: '550' });
    expect(outcome.message).toContain('c@example.org (550 5.1.1 no such user)');
    server.onRecipient = () => undefined;
  });

  it('stay undecided while the server is down, although others have the mail', async () => {
    const server = await serve();
    const send = sender(server);
    await server.stop();
    servers.pop();
    const earlier = { remaining: ['b@example.org'], refused: ['c@example.org'] };
    expect(await send({ earlier })).toEqual({
      kind: 'unavailable',
      code: 'ECONNREFUSED',
      message: expect.stringContaining('ECONNREFUSED'),
    });
  });
});

describe('the mail itself', () => {
  it.each([
    ['451 4.3.0 try again later', 'unavailable'],
    ['421 4.3.2 shutting down', 'unavailable'],
    ['550 5.7.1 looks like spam', 'rejected'],
    ['552 5.3.4 too big', 'rejected'],
  ])('answered by %s', async (reply, kind) => {
    const server = await serve();
    server.onMail = () => reply;
    const outcome = await sender(server)();
    expect(outcome).toMatchObject({ kind, code: reply.slice(0, 3), message: expect.stringContaining(reply) });
  });

  it('is rejected if it is larger than the server accepts', async () => {
    const server = await serve({ size: 2_000 });
    expect(await sender(server)({ content: 'x'.repeat(10_000) })).toMatchObject({ kind: 'rejected', code: '552' });
  });

  it('whose sender is refused is misconfigured', async () => {
    const server = await serve();
    server.onSender = () => '550 5.7.1 not allowed to send as alerts@example.org';
    expect(await sender(server)()).toMatchObject({ kind: 'misconfigured', code: '550' });
  });

  it('is not sent to a denied address', async () => {
    const server = await serve();
    expect(await sender(server, {}, {}, ['127.0.0.0/8'])()).toMatchObject({
      kind: 'misconfigured',
      code: 'EGRESS_DENIED',
    });
    expect(server.connections).toBe(0);
  });
});

describe('connections', () => {
  it('are reused for a thousand mails, each of which arrives once', async () => {
    const server = await serve();
    const send = sender(server, { to: ['a@example.org'] });
    const ids = Array.from({ length: 1_000 }, (_, index) => `d${index}`);
    const outcomes = await Promise.all(ids.map((deliveryId) => send({ deliveryId, content: 'x' })));
    expect(outcomes.filter(({ kind }) => kind !== 'delivered')).toEqual([]);
    expect(server.mails.map(({ mail }) => mail.messageId).sort()).toEqual(
      ids.map((id) => `<${id}@example.org>`).sort(),
    );
    expect(server.connections).toBeLessThan(20);
  });

  it('that the server closed when idle are reopened without a failure', async () => {
    const server = await serve();
    const send = sender(server);
    for (let n = 0; n < 3; n++) {
      expect(await send()).toMatchObject({ kind: 'delivered' });
      server.dropConnections();
    }
    expect(await send()).toMatchObject({ kind: 'delivered' });
    expect(server.mails).toHaveLength(4);
    expect(server.connections).toBe(4);
  });

  it('are separate for different settings', async () => {
    const server = await serve({ login: LOGIN });
    const testIo = createTestIo();
    ios.push(testIo);
    const send = (login: object) => {
      const config = email.config.parse({
        from: 'a@example.org',
        to: TO,
        host: server.host,
        port: server.port,
        security: 'none',
        ...login,
      });
      return email.send(testMessage(email), { config, target: { id: 'list', label: '' } }, testIo.io());
    };
    expect(await send(LOGIN)).toMatchObject({ kind: 'delivered' });
    expect(await send({ ...LOGIN, password: 'wrong-one' })).toMatchObject({ kind: 'misconfigured', code: '535' });
    expect(await send({})).toMatchObject({ kind: 'misconfigured', code: '530' });
  });

  it('are closed when the process ends, after mails in flight', async () => {
    const server = await serve();
    const testIo = createTestIo();
    const config = email.config.parse({
      from: 'a@example.org',
      to: TO,
      host: server.host,
      port: server.port,
      security: 'none',
    });
    const sending = Array.from({ length: 20 }, () =>
      email.send(testMessage(email), { config, target: { id: 'list', label: '' } }, testIo.io()),
    );
    await testIo.close();
    for (const outcome of await Promise.all(sending)) expect(outcome).toMatchObject({ kind: 'delivered' });
    await server.stop();
    servers.pop();
  });
});
