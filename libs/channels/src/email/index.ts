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
import { nobodyLeft, outcomeOf, recipientsLeft } from './recipients.js';

/** Below it the pool's own times are for what hangs; this is for what trickles, or waits for a connection. */
const SEND_MS = 50_000;

/** Mail by SMTP, to all recipients of an endpoint at once. */
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
        message: 'there is no mail server: set `host`, or SMTP_URL for all',
      };
    if (!from)
      return { kind: 'misconfigured', code: 'FROM', message: 'there is no sender: set `from`, or SMTP_FROM for all' };
    const { earlier } = message;
    const left = recipientsLeft(recipientsOf(config), earlier);
    if (earlier && left.length === 0) return nobodyLeft(earlier);
    const parties = { from, to: addressesOf(config.to), cc: addressesOf(config.cc), left };
    const handling = await sendInTime(mailPool(server, io.reuse), composeMail(message, parties, io.now()), io);
    return redactSecrets(judge(handling, earlier), passwordForms(server));
  },
});

/** With a signal of its own, which ends with the process' and tells as its reason what code that is. */
async function sendInTime(pool: MailPool, mail: ReturnType<typeof composeMail>, io: ChannelIo): Promise<Handling> {
  const ending = new AbortController();
  const giveUp = (): void => ending.abort('ABORTED');
  const timer = setTimeout(() => ending.abort('TIMEOUT'), SEND_MS);
  io.signal.addEventListener('abort', giveUp, { once: true });
  if (io.signal.aborted) giveUp();
  try {
    return await pool.send(mail, ending.signal, io.connect);
  } finally {
    clearTimeout(timer);
    io.signal.removeEventListener('abort', giveUp);
  }
}

function judge(handling: Handling, earlier: Parameters<typeof outcomeOf>[1]): Outcome {
  if ('info' in handling) {
    const { accepted = [], rejectedErrors = [], response = '' } = handling.info;
    return outcomeOf({ taken: accepted, refusals: rejectedErrors, answer: response }, earlier);
  }
  const { error, handedOver } = handling;
  const refusals = refusalsOf(error);
  // Nobody was taken: each was refused for a reason of their own.
  if (refusals.length > 0) return outcomeOf({ taken: [], refusals, answer: '' }, earlier);
  return classifyFailure(error, handedOver);
}

function refusalsOf(error: unknown): readonly NodemailerError[] {
  return error instanceof Error ? ((error as NodemailerError).rejectedErrors ?? []) : [];
}

function labelOf(config: EmailConfig): string {
  const [first = '', ...others] = recipientsOf(config);
  return others.length === 0 ? first : `${first} +${others.length}`;
}
