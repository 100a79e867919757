import { setImmediate } from 'node:timers/promises';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { type Script, type ScriptedServer, SMTP_STEPS, startSmtpScript } from '../../test/smtp-script.js';
import { createTestIo, type TestIo } from '../../test/test-io.js';
import { testMessage } from '../../test/test-message.js';
import { email } from './index.js';

let server: ScriptedServer;
let testIo: TestIo;
beforeEach(async () => {
  server = await startSmtpScript();
  testIo = createTestIo();
});
afterEach(async () => {
  vi.useRealTimers();
  await testIo.close();
  await server.stop();
});

function send(settings: object = {}, signal?: AbortSignal) {
  const config = email.config.parse({
    from: 'alerts@example.org',
    to: ['a@example.org', 'b@example.org'],
    host: '127.0.0.1',
    port: server.port,
    security: 'none',
    ...settings,
  });
  return email.send(testMessage(email), { config, target: { id: 'list', label: '' } }, testIo.io(signal));
}

/** After the last byte of the mail the result is unknown; before, the mail was not accepted. */
const kindAt = (step: string) => (step === 'END' ? 'unknown' : 'unavailable');
const PIPELINING: Script = { EHLO: '250-mail.example\r\n250 PIPELINING' };

describe.each([...SMTP_STEPS, 'STARTTLS', 'AUTH'] as const)('at %s', (step) => {
  const settings =
    step === 'STARTTLS' ? { security: 'starttls' } : step === 'AUTH' ? { username: 'u', password: 'hunter22' } : {};

  it('a server that hangs is abandoned at the time limit', async () => {
    server.say({ [step]: 'hang' });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    const sending = send(settings);
    await server.hung();
    await vi.advanceTimersByTimeAsync(email.timeoutMs(email.config.parse({ to: ['a@example.org'] })));
    expect(await sending).toMatchObject({ kind: kindAt(step), code: 'TIMEOUT' });
  });

  it('a send ends when its process aborts', async () => {
    server.say({ [step]: 'hang' });
    const process = new AbortController();
    const sending = send(settings, process.signal);
    await server.hung();
    process.abort();
    expect(await sending).toMatchObject({ kind: kindAt(step), code: 'ABORTED' });
  });

  it.each(['close', 'reset'] as const)('a connection that ends by %s', async (reply) => {
    server.say({ [step]: reply });
    const outcome = await send(settings);
    expect(outcome).toMatchObject({ kind: kindAt(step), message: expect.stringMatching(/\S/) });
    expect(JSON.stringify(outcome)).not.toContain('hunter22');
  });

  it('a busy server is unavailable', async () => {
    server.say({ [step]: '421 4.3.2 too busy' });
    expect(await send(settings)).toMatchObject({ kind: 'unavailable', code: '421' });
  });
});

it('nothing is sent after an abort', async () => {
  expect(await send({}, AbortSignal.abort())).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
  expect(server.connections).toBe(0);
});

it.each(['hang', 'close', 'reset'] as const)(
  'a mail is sent once, though its end was answered by %s',
  async (reply) => {
    expect(await send()).toMatchObject({ kind: 'delivered' });
    server.say({ END: reply });
    const process = new AbortController();
    const sending = send({}, process.signal);
    if (reply === 'hang') {
      await server.hung();
      process.abort();
    }
    expect(await sending).toMatchObject({ kind: 'unknown' });
    expect(server.lines.filter((line) => line === '.')).toHaveLength(2);
  },
);

it.each(['MAIL', 'RCPT', 'DATA'] as const)('a cached connection that ends at %s causes no failure', async (step) => {
  expect(await send()).toMatchObject({ kind: 'delivered' });
  // Like a firewall that has dropped the connection: it breaks on use, and a new one works.
  server.breakNext(step);
  expect(await send()).toMatchObject({ kind: 'delivered' });
  expect(server.connections).toBe(2);
});

it('a server that announces its shutdown on an idle connection causes no failure', async () => {
  expect(await send()).toMatchObject({ kind: 'delivered' });
  server.sayAloud('421 4.4.2 idle for too long');
  expect(await send()).toMatchObject({ kind: 'delivered' });
  expect(server.connections).toBe(2);
});

it('a server that sends endless lines is disconnected at once, and does not block the process', async () => {
  server.say({ EHLO: '\n'.repeat(5_000_000) });
  expect(await send()).toMatchObject({ kind: 'unavailable', code: 'EPROTOCOL' });
  const before = performance.now();
  for (let turns = 0; turns < 100; turns++) await setImmediate();
  expect(performance.now() - before).toBeLessThan(1_000);
});

describe('a server with pipelining', () => {
  it('gets all recipients, and each has a result of its own', async () => {
    server.say({ ...PIPELINING, RCPT: '550 5.1.1 no such user', DATA: '554 5.5.1 no valid recipients' });
    expect(await send()).toMatchObject({ kind: 'rejected', code: '550' });
    server.say({ ...PIPELINING, RCPT: '450 4.2.0 greylisted', DATA: '503 5.5.1 nobody to send to' });
    expect(await send()).toMatchObject({ kind: 'unavailable', code: '450' });
    server.say(PIPELINING);
    expect(await send()).toMatchObject({ kind: 'delivered', code: '250' });
  });

  it('has no part of the mail if it hangs before it accepts DATA', async () => {
    server.say({ ...PIPELINING, RCPT: 'hang' });
    const process = new AbortController();
    const sending = send({}, process.signal);
    await server.hung();
    process.abort();
    expect(await sending).toMatchObject({ kind: 'unavailable', code: 'ABORTED' });
  });
});

it.each<[Script, string]>([
  [{ CONNECT: '554 5.3.2 no service for you' }, 'misconfigured'],
  [{ CONNECT: 'HTTP/1.1 400 Bad Request' }, 'unavailable'],
  [{ EHLO: '550 5.7.1 not from here' }, 'misconfigured'],
  [{ MAIL: '452 4.3.1 disk full' }, 'unavailable'],
  [{ DATA: '554 5.7.1 no' }, 'rejected'],
  [{ END: '554 5.7.1 spam' }, 'rejected'],
  [{ END: '451 4.7.1 later' }, 'unavailable'],
])('%j is %s', async (script, kind) => {
  server.say(script);
  expect(await send()).toMatchObject({ kind });
});

it('an unencrypted line after STARTTLS is not part of the session', async () => {
  server.say({ STARTTLS: '220 go ahead\r\n250-mail.example\r\n250 AUTH PLAIN' });
  const settings = { security: 'starttls', username: 'u', password: 'hunter22' };
  expect(await send(settings, AbortSignal.timeout(300))).toMatchObject({ kind: 'unavailable' });
  expect(server.lines.slice(0, 2)).toEqual([expect.stringMatching(/^EHLO/), 'STARTTLS']);
  expect(server.lines.filter((line) => /^(EHLO|MAIL|AUTH)/.test(line))).toHaveLength(1);
});

it('a temporary refusal of STARTTLS is retried, a permanent one is not', async () => {
  server.say({ STARTTLS: '454 4.7.0 no TLS for now' });
  expect(await send({ security: 'starttls' })).toMatchObject({ kind: 'unavailable', code: '454' });
  server.say({ STARTTLS: '502 5.5.1 what?' });
  expect(await send({ security: 'starttls' })).toMatchObject({ kind: 'misconfigured', code: '502' });
  expect(server.lines.filter((line) => /^(MAIL|AUTH)/.test(line))).toEqual([]);
});
