import type { OutcomeKind } from '#libs/contracts';

/** Refusals of the credential or the address: the next message would fare no better. */
const OF_THE_CREDENTIAL = new Set([401, 403, 407]);
const OF_THE_ADDRESS = new Set([404, 405, 410, 421]);
const TRANSIENT = new Set([408, 425]);

/** What a status of HTTP means. `addressVaries`: the URL is made from the message, so a wrong one concerns it alone. */
export function kindOfStatus(status: number, addressVaries = false): OutcomeKind {
  if (status >= 200 && status <= 299) return 'delivered';
  if (status === 429) return 'throttled';
  if (TRANSIENT.has(status) || (status >= 500 && status <= 599)) return 'unavailable';
  if (OF_THE_CREDENTIAL.has(status)) return 'misconfigured';
  if (OF_THE_ADDRESS.has(status) || (status >= 300 && status <= 399))
    return addressVaries ? 'rejected' : 'misconfigured';
  if (status >= 400 && status <= 499) return 'rejected';
  // Informational, or none that HTTP knows: whether the message was taken cannot be told.
  return 'unknown';
}

/** Who answered with what status, and what it says, in one line. */
export function messageOfStatus(who: string, status: number, words: string): string {
  if (status >= 300 && status <= 399) return `${who} answered ${status}; redirects are not followed`;
  const line = wordsOf(words);
  return `${who} answered ${status}${line === '' ? '' : `: ${line}`}`;
}

/** What an answer says, in one line; a page for browsers says nothing. */
export function wordsOf(answer: string): string {
  return answer.trimStart().startsWith('<') ? '' : answer.replaceAll(/[\s\p{Cc}]+/gu, ' ').trim();
}

/** The object that a body in JSON holds; undefined where it holds none, or only the beginning of one. */
export function jsonObject(body: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(body);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}
