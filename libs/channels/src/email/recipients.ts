import type { NodemailerError } from 'nodemailer';
import type { Outcome } from '#libs/contracts';
import type { Message } from '../channel.js';
import { oneLine } from './one-line.js';

type Earlier = Message['earlier'];

/** What the server said of the recipients of one mail. */
export interface Reception {
  taken: readonly string[];
  /** One for each recipient that was refused. */
  refusals: readonly NodemailerError[];
  /** What it answered to the mail itself; empty where nobody was to get it. */
  answer: string;
}

/** Too many recipients or a full mailbox is told by 452, but older servers say 552: RFC 5321, 4.5.3.1.10. */
const isForNow = ({ responseCode = 0 }: NodemailerError): boolean => responseCode < 500 || responseCode === 552;
const AUTHENTICATION_REQUIRED = 530;
const NAMED_MAX = 5;

/**
 * Those for whom the mail is tried now: after an attempt that some recipients took, the others that are still wanted. Nobody
 * who may have it gets it again, so there may be none left.
 */
export function recipientsLeft(all: readonly string[], earlier: Earlier): readonly string[] {
  return earlier === undefined ? all : all.filter((address) => earlier.remaining.includes(address));
}

/** Those that were to be tried again are no recipients of the endpoint any more. */
export const nobodyLeft = ({ remaining, refused }: NonNullable<Earlier>): Outcome => ({
  kind: 'delivered',
  message: 'those that were left are no recipients any more',
  partial: [...refused, ...remaining],
});

/** What came of it over all attempts: a mail goes out again only to those who were refused for now. */
export function outcomeOf({ taken, refusals, answer }: Reception, earlier: Earlier): Outcome {
  const later = refusals.filter(isForNow);
  const never = refusals.filter((refusal) => !isForNow(refusal));
  const partial = [...(earlier?.refused ?? []), ...never.map(addressOf)];
  const refused = partial.length > 0 ? { partial } : {};
  const someoneHasIt = taken.length > 0 || earlier !== undefined;
  const told = refusals.length > 0 ? telling(later[0] ?? never[0], refusals) : {};
  if (later.length > 0) {
    return { kind: 'unavailable', ...told, ...(someoneHasIt && { remaining: later.map(addressOf), ...refused }) };
  }
  if (someoneHasIt) return { kind: 'delivered', ...(taken.length > 0 ? taking(answer) : {}), ...told, ...refused };
  const unauthenticated = never.every(({ responseCode }) => responseCode === AUTHENTICATION_REQUIRED);
  return { kind: unauthenticated ? 'misconfigured' : 'rejected', ...told };
}

const addressOf = ({ recipient = '' }: NodemailerError): string => recipient;

const taking = (answer: string): Partial<Outcome> => ({ code: answer.slice(0, 3), excerpt: answer });

function telling(first: NodemailerError | undefined, refusals: readonly NodemailerError[]): Partial<Outcome> {
  const named = refusals.slice(0, NAMED_MAX).map((one) => `${addressOf(one)} (${oneLine(one.response ?? '')})`);
  const more = refusals.length > NAMED_MAX ? ` and ${refusals.length - NAMED_MAX} more` : '';
  const excerpt = refusals.map((one) => `${addressOf(one)}: ${one.response ?? ''}`).join('\n');
  return {
    code: String(first?.responseCode ?? ''),
    message: `the mail server refused ${named.join(', ')}${more}`,
    excerpt,
  };
}
