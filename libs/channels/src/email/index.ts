import type { NodemailerError } from 'nodemailer';
import type { Outcome } from '#libs/contracts';
import { type ChannelIo, defineChannel } from '../channel.js';
import { READABLE_TEMPLATE, redactSecrets } from '../kit/index.js';
import { type EmailConfig, emailConfig } from './config.js';
import { classifyFailure } from './failure.js';
import { composeMail } from './mail.js';
import { addressesOf, platformProblems, recipientsOf, senderOf, serverOf } from './parties.js';
import { passwordForms } from './password-forms.js';
import { type Handling, type MailPool, mailPool } from './pool.js';
import { noRecipientLeft, outcomeOf, recipientsLeft } from './recipients.js';

/** Time limit of a send. The pool has shorter limits for a server that hangs; this one ends slow and waiting sends. */
const SEND_MS = 50_000;

/** Sends one mail by SMTP to all recipients of an endpoint. */
export const email = defineChannel({
  type: 'email',
  label: 'E-mail',
  testText: 'settings validated',
  readBy: 'people',
  digests: true,
  config: emailConfig,
  template: READABLE_TEMPLATE,
  limits: { rate: null, documentedAt: null },
  problems: platformProblems,
  targets: (config) => [{ id: 'list', label: labelOf(config) }],
  timeoutMs: () => SEND_MS,

  async send(message, { config }, io): Promise<Outcome> {
    const server = serverOf(config, io.platform);
    const from = senderOf(config, io.platform);
    if (!server)
      return {
        kind: 'misconfigured',
        code: 'HOST',
        message: 'no mail server is configured; set `host`, or SMTP_URL for all endpoints',
      };
    if (!from)
      return {
        kind: 'misconfigured',
        code: 'FROM',
        message: 'no sender is configured; set `from`, or SMTP_FROM for all endpoints',
      };
    const { earlier } = message;
    const left = recipientsLeft(recipientsOf(config), earlier);
    if (earlier && left.length === 0) return noRecipientLeft(earlier);
    const parties = { from, to: addressesOf(config.to), cc: addressesOf(config.cc), left };
    const handling = await sendInTime(mailPool(server, io.reuse), composeMail(message, parties, io.now()), io);
    return redactSecrets(resultOf(handling, earlier), passwordForms(server));
  },
});

/**
 * Sends with a signal that aborts at the time limit, with that of the process, or when the in-flight lease has run out;
 * its reason is the code of the outcome.
 */
async function sendInTime(pool: MailPool, mail: ReturnType<typeof composeMail>, io: ChannelIo): Promise<Handling> {
  const ending = new AbortController();
  const onAbort = (): void => ending.abort('ABORTED');
  const beforeWrite = (): void => {
    try {
      io.beforeWrite();
    } catch {
      ending.abort('LEASE_EXPIRED');
    }
  };
  const timer = setTimeout(() => ending.abort('TIMEOUT'), SEND_MS);
  io.signal.addEventListener('abort', onAbort, { once: true });
  if (io.signal.aborted) onAbort();
  try {
    return await pool.send(mail, { signal: ending.signal, beforeWrite, connect: io.connect });
  } finally {
    clearTimeout(timer);
    io.signal.removeEventListener('abort', onAbort);
  }
}

function resultOf(handling: Handling, earlier: Parameters<typeof outcomeOf>[1]): Outcome {
  if ('info' in handling) {
    const { accepted = [], rejectedErrors = [], response = '' } = handling.info;
    return outcomeOf({ accepted, refusals: rejectedErrors, answer: response }, earlier);
  }
  const { error, handedOver } = handling;
  const refusals = refusalsOf(error);
  // The server refused every recipient, each with a reply of its own.
  if (refusals.length > 0) return outcomeOf({ accepted: [], refusals, answer: '' }, earlier);
  return classifyFailure(error, handedOver);
}

function refusalsOf(error: unknown): readonly NodemailerError[] {
  return error instanceof Error ? ((error as NodemailerError).rejectedErrors ?? []) : [];
}

function labelOf(config: EmailConfig): string {
  const [first = '', ...others] = recipientsOf(config);
  return others.length === 0 ? first : `${first} +${others.length}`;
}
