import type { Outcome } from '#libs/contracts';
import { type HttpAnswer, retryAfterMs } from '../http/http-request.js';
import { jsonObject, kindOfStatus, messageOfStatus, wordsOf } from '../http/http-status.js';

/** What a provider's error code means for a message. */
export interface CodeMeaning {
  kind: Exclude<Outcome['kind'], 'delivered'>;
  /** How long the provider documents that it refuses. */
  retryAfterMs?: number;
  /** What people can do about it, by what the provider said. */
  advice?: string | ((words: string) => string);
}

/** A provider's documented codes; one that is not listed refuses the message. */
export type CodeTable = ReadonlyMap<string, CodeMeaning>;

/** Several codes of one meaning, as entries of a {@link CodeTable}. */
export const codes = (all: readonly (string | number)[], meaning: CodeMeaning): [string, CodeMeaning][] =>
  all.map((code) => [String(code), meaning]);

/** What the provider says in the body of its answer, whatever status of HTTP it comes with. */
export interface ProviderWord {
  /** `0` is success. */
  code: string;
  words: string;
  /** What it means, where that cannot be looked up by the code alone. */
  meaning?: CodeMeaning;
}

export interface Provider {
  name: string;
  codes: CodeTable;
  /** Undefined for what is not an answer of this provider. */
  read(answer: HttpAnswer): ProviderWord | undefined;
}

/** What became of a message by the provider's own word: success is `0`, whatever HTTP says. */
export function judgeByCode(answer: HttpAnswer, provider: Provider, now: Date): Outcome {
  const word = provider.read(answer);
  const ofStatus = kindOfStatus(answer.status);
  if (word === undefined || (word.code === '0' && ofStatus !== 'delivered'))
    return judgeByStatus(answer, provider, now);
  const excerpt = answer.excerpt;
  if (word.code === '0') return { kind: 'delivered', code: '0', excerpt };
  const unlisted: CodeMeaning = { kind: ofStatus === 'delivered' ? 'rejected' : ofStatus };
  const { kind, retryAfterMs: documented, advice } = word.meaning ?? provider.codes.get(word.code) ?? unlisted;
  const words = wordsOf(word.words);
  const told = typeof advice === 'function' ? advice(words) : advice;
  const wait = longer(kind, documented, retryAfterMs(answer.headers, now));
  return {
    kind,
    code: word.code,
    message: `${provider.name} answered ${word.code}${words && `: ${words}`}${told ? ` (${told})` : ''}`,
    excerpt,
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
}

/** A proxy spoke in the provider's place, or the address is none of its own. */
function judgeByStatus(answer: HttpAnswer, { name }: Provider, now: Date): Outcome {
  const { status, excerpt, headers } = answer;
  const kind = kindOfStatus(status);
  const wait = longer(kind, undefined, retryAfterMs(headers, now));
  const base = {
    code: String(status),
    ...(excerpt !== '' && { excerpt }),
    ...(wait !== undefined && { retryAfterMs: wait }),
  };
  if (kind === 'delivered') {
    const message = `what answered ${status} does not speak as ${name} does: whether it took the message cannot be told`;
    return { ...base, kind: 'unknown', message };
  }
  return { ...base, kind, message: messageOfStatus(name, status, excerpt) };
}

/** Who waits less than either says is refused for longer. */
function longer(kind: Outcome['kind'], documented: number | undefined, asked: number | undefined): number | undefined {
  if (kind !== 'throttled' && kind !== 'unavailable') return undefined;
  return documented === undefined || asked === undefined ? (documented ?? asked) : Math.max(documented, asked);
}

/** The guarded client hands over the beginning of longer answers. */
const READ_BYTES = 8_192;
const FIELD = /"(\w{1,64})"\s{0,8}:\s{0,8}("(?:[^"\\]|\\.){0,8192}"|-?\d{1,15})/g;

/** The fields of a body in JSON, or what can be made out in the beginning of a long one; undefined where it has none. */
export function answerFields({ excerpt }: Pick<HttpAnswer, 'excerpt'>): Readonly<Record<string, unknown>> | undefined {
  const whole = jsonObject(excerpt);
  if (whole || !/^\s*\{/.test(excerpt) || Buffer.byteLength(excerpt) < READ_BYTES - 3) return whole;
  return Object.fromEntries([...excerpt.matchAll(FIELD)].map(([, name = '', field = '']) => [name, fieldOf(field)]));
}

const fieldOf = (json: string): unknown => jsonObject(`{"field":${json}}`)?.field;

/** A field of an answer as text; empty where it is neither text nor a number. */
export const textOf = (value: unknown): string =>
  typeof value === 'string' || typeof value === 'number' ? String(value) : '';
