import type { NodemailerError } from 'nodemailer';
import type { Outcome, OutcomeKind } from '#libs/contracts';
import { failureOutcome, tlsErrorText } from '../kit/index.js';
import { oneLine } from './one-line.js';

/** Refusals of the credential, wherever they are told. https://www.rfc-editor.org/rfc/rfc4954#section-6 */
const OF_THE_CREDENTIAL = new Set([530, 534, 535, 538]);
/** The message is too big. */
const TOO_BIG = 552;
const SESSION = /^(CONN|EHLO|HELO|STARTTLS|AUTH\b)/;

/**
 * The outcome of a mail that the server did not take. Whatever else was thrown is a fault of ours and thrown on.
 * @param handedOver whether the mail had left to its last byte, so that without an answer it may have arrived
 */
export function classifyFailure(error: unknown, handedOver: boolean): Outcome {
  if (!isMailError(error)) return failureOutcome(error);
  if (error.responseCode !== undefined) return classifyReply(error, error.responseCode, handedOver);
  return { kind: silentKind(error, handedOver), ...silence(error) };
}

/** Why there is no reply. */
function silence({ code, originalCode, cause, message }: NodemailerError): Pick<Outcome, 'code' | 'message'> {
  if (code === 'EABORT') return { code: String(cause), message: 'given up before the mail server answered' };
  if (code === 'ETIMEDOUT') return { code: 'TIMEOUT', message: `the mail server gave no answer in time: ${message}` };
  if (code === 'ECONNECTION') return { code, message: 'the mail server closed the connection' };
  const known = originalCode ?? code ?? 'UNKNOWN';
  return { code: known, message: tlsErrorText(known, oneLine(message)) };
}

function classifyReply(error: NodemailerError, reply: number, handedOver: boolean): Outcome {
  const { command = 'CONN', response = '' } = error;
  const step = command === 'CONN' ? 'the connection' : command.replace(/^(AUTH) .*/, '$1');
  const words = oneLine(response);
  const message =
    command === 'STARTTLS' && reply >= 500
      ? `the mail server does not offer STARTTLS: ${words}`
      : `the mail server answered to ${step}: ${words}`;
  return { kind: replyKind(reply, command, handedOver), code: String(reply), message, excerpt: response };
}

function replyKind(reply: number, command: string, handedOver: boolean): OutcomeKind {
  if (reply >= 400 && reply <= 499) return 'unavailable';
  if (reply < 500 || reply > 599) return handedOver ? 'unknown' : 'unavailable';
  // A refusal of the session or the sender would meet the next mail as well.
  if (SESSION.test(command) || OF_THE_CREDENTIAL.has(reply)) return 'misconfigured';
  return command === 'MAIL FROM' && reply !== TOO_BIG ? 'misconfigured' : 'rejected';
}

/** No reply, or none that SMTP knows, which tells nothing; what nodemailer itself found, or a connection that broke. */
function silentKind({ code, response }: NodemailerError, handedOver: boolean): OutcomeKind {
  if (!response && code === 'EAUTH') return 'misconfigured';
  if (!response && (code === 'EENVELOPE' || code === 'EMESSAGE')) return 'rejected';
  return handedOver ? 'unknown' : 'unavailable';
}

/** As nodemailer makes them: with a code of its own. Failures of the guarded connection say `sent` besides. */
function isMailError(error: unknown): error is NodemailerError {
  return error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code)) && !('sent' in error);
}
