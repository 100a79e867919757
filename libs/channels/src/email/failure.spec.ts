import { expect, it } from 'vitest';
import { classifyFailure } from './failure.js';

const STEPS = ['CONN', 'EHLO', 'HELO', 'STARTTLS', 'AUTH PLAIN', 'MAIL FROM', 'DATA'] as const;
type Step = (typeof STEPS)[number];

const reply = (responseCode: number, command: Step) =>
  Object.assign(new Error('Message failed'), {
    code: 'EMESSAGE',
    command,
    responseCode,
    response: `${responseCode} 5.7.1 text of\r\n${responseCode} the server`,
  });

/** The outcome of a reply of 500 to 599 at a step, without the exceptions. */
const PERMANENT: Record<Step, string> = {
  CONN: 'misconfigured',
  EHLO: 'misconfigured',
  HELO: 'misconfigured',
  STARTTLS: 'misconfigured',
  'AUTH PLAIN': 'misconfigured',
  'MAIL FROM': 'misconfigured',
  DATA: 'rejected',
};
const EXCEPTIONS: Partial<Record<Step, Record<number, string>>> = {
  'MAIL FROM': { 552: 'rejected' },
  DATA: { 530: 'misconfigured', 534: 'misconfigured', 535: 'misconfigured', 538: 'misconfigured' },
};

it.each(STEPS)('each reply to %s has its outcome', (step) => {
  for (let code = 200; code <= 599; code++) {
    const outcome = classifyFailure(reply(code, step), false);
    const kind = code < 500 ? 'unavailable' : (EXCEPTIONS[step]?.[code] ?? PERMANENT[step]);
    expect(outcome).toMatchObject({ kind, code: String(code), excerpt: expect.stringContaining('text of\r\n') });
    expect(outcome.message).toContain(`${code} 5.7.1 text of the server`);
  }
});

it('a success reply that nodemailer did not expect is unknown after the mail was written', () => {
  expect(classifyFailure(reply(250, 'CONN'), true).kind).toBe('unknown');
  expect(classifyFailure(reply(421, 'DATA'), true).kind).toBe('unavailable');
});

it.each<[string, object, string, string, string]>([
  [
    'a connection that is reset',
    { code: 'ESOCKET', originalCode: 'ECONNRESET' },
    'unavailable',
    'unknown',
    'ECONNRESET',
  ],
  ['a connection that is closed', { code: 'ECONNECTION' }, 'unavailable', 'unknown', 'ECONNECTION'],
  ['a missing reply', { code: 'ETIMEDOUT' }, 'unavailable', 'unknown', 'TIMEOUT'],
  [
    'a certificate',
    { code: 'ESOCKET', originalCode: 'CERT_HAS_EXPIRED' },
    'unavailable',
    'unknown',
    'CERT_HAS_EXPIRED',
  ],
  ['a handshake', { code: 'ETLS' }, 'unavailable', 'unknown', 'ETLS'],
  ['an abort', { code: 'EABORT', cause: 'ABORTED' }, 'unavailable', 'unknown', 'ABORTED'],
  ['a login method that the server lacks', { code: 'EAUTH' }, 'misconfigured', 'misconfigured', 'EAUTH'],
  ['a mail that is too large', { code: 'EMESSAGE' }, 'rejected', 'rejected', 'EMESSAGE'],
])('without a reply: %s', (_name, error, before, after, code) => {
  const failure = Object.assign(new Error('a text'), error);
  expect(classifyFailure(failure, false)).toMatchObject({ kind: before, code, message: expect.stringMatching(/\S/) });
  expect(classifyFailure(failure, true)).toMatchObject({ kind: after, code });
});

it.each(['EAUTH', 'EENVELOPE', 'EMESSAGE'])('%s with an invalid reply does not decide about the mail', (code) => {
  const junk = Object.assign(new Error('Command failed: what?'), { code, command: 'DATA', response: 'what?' });
  expect(classifyFailure(junk, false)).toMatchObject({ kind: 'unavailable', message: 'Command failed: what?' });
  expect(classifyFailure(junk, true)).toMatchObject({ kind: 'unknown' });
});

it('keeps the outcome of network failures', () => {
  const denied = Object.assign(new Error('not there'), { code: 'EGRESS_DENIED', sent: false });
  expect(classifyFailure(denied, false)).toMatchObject({ kind: 'misconfigured', code: 'EGRESS_DENIED' });
  const refused = Object.assign(new Error('refused'), { code: 'ECONNREFUSED', sent: false });
  expect(classifyFailure(refused, false)).toMatchObject({ kind: 'unavailable', code: 'ECONNREFUSED' });
});

it('throws an error of our own again', () => {
  expect(() => classifyFailure(new TypeError('x is not a function'), false)).toThrow(TypeError);
});

it('limits a message to one line of bounded length, for any reply', () => {
  const long = Object.assign(reply(550, 'DATA'), {
    response: `550-${'x'.repeat(1_000)}${' '.repeat(500_000)}\r\n550 y`,
  });
  expect(classifyFailure(long, false).message).toMatch(/^[^\n\r]{1,400}…$/u);
});
