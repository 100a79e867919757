import type { NodemailerError } from 'nodemailer';
import type { Outcome } from '#libs/contracts';
import type { Message } from '../channel.js';
import { oneLine } from './one-line.js';

type Earlier = Message['earlier'];

/** The replies of the server for the recipients of one mail. */
export interface Reception {
  accepted: readonly string[];
  /** One for each refused recipient. */
  refusals: readonly NodemailerError[];
  /** The reply to the mail itself; empty if every recipient was refused. */
  answer: string;
}

/** Whether a retry may succeed. For too many recipients or a full mailbox older servers reply 552: RFC 5321, 4.5.3.1.10. */
const isTemporary = ({ responseCode = 0 }: NodemailerError): boolean => responseCode < 500 || responseCode === 552;
const AUTHENTICATION_REQUIRED = 530;
const NAMED_MAX = 5;

/**
 * The recipients of this attempt: all at first, then those that the last attempt left and the endpoint still has. No
 * recipient gets the mail twice, so the list may be empty.
 */
export function recipientsLeft(all: readonly string[], earlier: Earlier): readonly string[] {
  return earlier === undefined ? all : all.filter((address) => earlier.remaining.includes(address));
}

/** The outcome if the endpoint no longer has any recipient that was left. */
export const noRecipientLeft = ({ remaining, refused }: NonNullable<Earlier>): Outcome => ({
  kind: 'delivered',
  message: 'the remaining recipients were removed from the endpoint',
  partial: [...refused, ...remaining],
});

/** The outcome over all attempts. Only recipients that were refused temporarily are retried. */
export function outcomeOf({ accepted, refusals, answer }: Reception, earlier: Earlier): Outcome {
  const temporary = refusals.filter(isTemporary);
  const permanent = refusals.filter((refusal) => !isTemporary(refusal));
  const partial = [...(earlier?.refused ?? []), ...permanent.map(addressOf)];
  const refused = partial.length > 0 ? { partial } : {};
  const isDeliveredToSome = accepted.length > 0 || earlier !== undefined;
  const details = refusals.length > 0 ? refusalDetails(temporary[0] ?? permanent[0], refusals) : {};
  if (temporary.length > 0) {
    return {
      kind: 'unavailable',
      ...details,
      ...(isDeliveredToSome && { remaining: temporary.map(addressOf), ...refused }),
    };
  }
  if (isDeliveredToSome)
    return { kind: 'delivered', ...(accepted.length > 0 ? replyDetails(answer) : {}), ...details, ...refused };
  const unauthenticated = permanent.every(({ responseCode }) => responseCode === AUTHENTICATION_REQUIRED);
  return { kind: unauthenticated ? 'misconfigured' : 'rejected', ...details };
}

const addressOf = ({ recipient = '' }: NodemailerError): string => recipient;

const replyDetails = (answer: string): Partial<Outcome> => ({ code: answer.slice(0, 3), excerpt: answer });

function refusalDetails(first: NodemailerError | undefined, refusals: readonly NodemailerError[]): Partial<Outcome> {
  const named = refusals.slice(0, NAMED_MAX).map((one) => `${addressOf(one)} (${oneLine(one.response ?? '')})`);
  const more = refusals.length > NAMED_MAX ? ` and ${refusals.length - NAMED_MAX} more` : '';
  const excerpt = refusals.map((one) => `${addressOf(one)}: ${one.response ?? ''}`).join('\n');
  return {
    code: String(first?.responseCode ?? ''),
    message: `the mail server refused ${named.join(', ')}${more}`,
    excerpt,
  };
}
