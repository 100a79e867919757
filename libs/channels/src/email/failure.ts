import type { NodemailerError } from 'nodemailer';
import type { Outcome, OutcomeKind } from '#libs/contracts';
import { failureOutcome, tlsErrorText } from '../kit/index.js';
import { oneLine } from './one-line.js';

/** Replies that refuse the credential, to any command. https://www.rfc-editor.org/rfc/rfc4954#section-6 */
const CREDENTIAL_REFUSED = new Set([530, 534, 535, 538]);
/** The reply for a message that is too large. */
const TOO_LARGE = 552;
const SESSION = /^(CONN|EHLO|HELO|STARTTLS|AUTH\b)/;

/**
 * The outcome of a mail that the server did not accept. Any error that is not of the network or nodemailer is a bug, and
 * thrown again.
 * @param handedOver the whole mail was written, so without a reply it may have arrived
 */
export function classifyFailure(error: unknown, handedOver: boolean): Outcome {
  if (!isMailError(error)) return failureOutcome(error);
  if (error.responseCode !== undefined) return classifyReply(error, error.responseCode, handedOver);
  return { kind: noReplyKind(error, handedOver), ...noReply(error) };
}

/** The code and message of a failure without a reply. */
function noReply({ code, originalCode, cause, message }: NodemailerError): Pick<Outcome, 'code' | 'message'> {
  if (code === 'EABORT') return { code: String(cause), message: 'given up before the mail server replied' };
  if (code === 'ETIMEDOUT') return { code: 'TIMEOUT', message: `the mail server did not reply in time: ${message}` };
  if (code === 'ECONNECTION') return { code, message: 'the mail server closed the connection' };
  const known = originalCode ?? code ?? 'UNKNOWN';
  return { code: known, message: tlsErrorText(known, oneLine(message)) };
}

function classifyReply(error: NodemailerError, reply: number, handedOver: boolean): Outcome {
  const { command = 'CONN', response = '' } = error;
  const step = command === 'CONN' ? 'the connection' : command.replace(/^(AUTH) .*/, '$1');
  const text = oneLine(response);
  const message =
    command === 'STARTTLS' && reply >= 500
      ? `the mail server does not support STARTTLS: ${text}`
      : `the mail server answered to ${step}: ${text}`;
  return { kind: replyKind(reply, command, handedOver), code: String(reply), message, excerpt: response };
}

function replyKind(reply: number, command: string, handedOver: boolean): OutcomeKind {
  if (reply >= 400 && reply <= 499) return 'unavailable';
  if (reply < 500 || reply > 599) return handedOver ? 'unknown' : 'unavailable';
  // The server would refuse the next mail of the session or sender too.
  if (SESSION.test(command) || CREDENTIAL_REFUSED.has(reply)) return 'misconfigured';
  return command === 'MAIL FROM' && reply !== TOO_LARGE ? 'misconfigured' : 'rejected';
}

/** The outcome without a valid reply: an error that nodemailer found itself, or a lost connection. */
function noReplyKind({ code, response }: NodemailerError, handedOver: boolean): OutcomeKind {
  if (!response && code === 'EAUTH') return 'misconfigured';
  if (!response && (code === 'EENVELOPE' || code === 'EMESSAGE')) return 'rejected';
  return handedOver ? 'unknown' : 'unavailable';
}

/** Whether nodemailer created the error; it has a code of its own. A `NetworkFailure` has `sent` too. */
function isMailError(error: unknown): error is NodemailerError {
  return error instanceof Error && 'code' in error && /^E[A-Z]+$/.test(String(error.code)) && !('sent' in error);
}
