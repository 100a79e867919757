import { randomBytes } from 'node:crypto';
import { type Behaviour, type ReceivedRequest, type Receiver, startReceiver } from './receiver.js';

/** A parsed request to a provider. */
export interface ApiCall {
  method: string;
  url: URL;
  headers: ReceivedRequest['headers'];
  /** The body as received. */
  body: string;
  /** The parsed body; empty unless it is a JSON object. */
  json: Readonly<Record<string, unknown>>;
}

export type ApiAnswer = { status?: number; headers?: Record<string, string>; json: object } | 'hang';

/** The HTTP server of a fake provider with a JSON API. */
export interface FakeApi {
  readonly url: string;
  readonly complaints: readonly string[];
  complain(text: string): void;
  stop(): Promise<void>;
}

/** @param answer handles a call; it complains of violations of the provider's documentation */
export async function startFakeApi(answer: (call: ApiCall, api: FakeApi) => ApiAnswer): Promise<FakeApi> {
  const receiver: Receiver = await startReceiver();
  const complaints: string[] = [];
  const api: FakeApi = {
    url: receiver.url,
    complaints,
    complain: (text) => complaints.push(text),
    stop: receiver.stop,
  };
  receiver.behave((request) => behaviourOf(answer(callOf(request, api), api)));
  return api;
}

function behaviourOf(answer: ApiAnswer): Behaviour {
  if (answer === 'hang') return 'hang';
  const { status = 200, headers, json } = answer;
  return { status, headers: { 'content-type': 'application/json', ...headers }, body: JSON.stringify(json) };
}

function callOf({ method, path, headers, body }: ReceivedRequest, api: FakeApi): ApiCall {
  return {
    method,
    url: new URL(path, api.url),
    headers,
    body,
    json: method === 'POST' ? jsonOf(headers, body, api) : {},
  };
}

function jsonOf(headers: ReceivedRequest['headers'], body: string, api: FakeApi): ApiCall['json'] {
  if (headers['content-type'] !== 'application/json; charset=utf-8') {
    api.complain(`the content type is ${headers['content-type']}`);
  }
  if (/(?<!\\)(?:\\\\)*\\u[\da-f]{4}/i.test(body))
    api.complain('a character is written as \\uXXXX, which WeCom refuses');
  try {
    const json: unknown = JSON.parse(body);
    if (typeof json === 'object' && json !== null) return json as ApiCall['json'];
  } catch {}
  api.complain(`not a JSON object: ${body.slice(0, 100)}`);
  return {};
}

/** A required text field; complains if it is missing. */
export function textField(object: unknown, name: string, api: FakeApi): string {
  const value = typeof object === 'object' && object !== null ? (object as Record<string, unknown>)[name] : undefined;
  if (typeof value === 'string' && value !== '') return value;
  api.complain(`the field ${name} must be text, not ${JSON.stringify(value)}`);
  return '';
}

/** Links that default templates contain. */
const OWN_LINK = /\[(?:Open|查看)\]\(https?:\/\/[^\s()<>[\]]+\)/g;

/**
 * The text that readers see. Complains of markdown that values of an event could have added: mentions, links, pictures,
 * tags, headings and fences below the first line.
 */
export function shownOf(markdown: string, api: FakeApi, allowed: readonly string[] = []): string {
  const own = markdown
    .replaceAll(/<font color="(?:info|comment|warning)">(\[[^\]<]*\])<\/font>/g, '$1')
    .replace(/^### /, '');
  const rest = allowed.reduce((text, one) => text.replaceAll(one, ''), own.replaceAll(OWN_LINK, ''));
  const forbidden: [string, RegExp][] = [
    ['a mention or a tag', /<[@/!?a-z]/i],
    ['a link or a picture', /\][([:]/],
    ['a heading', /^\s*#{1,6}|^[ \t]*(?:=+|-+)[ \t]*$/m],
    ['a quotation', /^\s*>/m],
    ['a fence', /^\s*(?:```|~~~)/m],
    ['a control character', /(?![\n\t])\p{Cc}/u],
  ];
  for (const [name, pattern] of forbidden) {
    const [found] = pattern.exec(rest) ?? [];
    if (found !== undefined) api.complain(`${name}: ${JSON.stringify(found)} in ${JSON.stringify(rest.slice(0, 300))}`);
  }
  if (!markdown.isWellFormed()) api.complain('a lone surrogate');
  return own;
}

/** The access tokens of an app at its provider. */
export interface TokenDesk {
  /** The number of issued tokens. */
  readonly issued: number;
  issue(): string;
  state(token: string | null): 'missing' | 'wrong' | 'expired' | 'good';
  /** Expires all tokens issued so far. */
  expire(): void;
}

export function createTokenDesk(): TokenDesk {
  const tokens = new Map<string, boolean>();
  return {
    get issued() {
      return tokens.size;
    },
    issue() {
      const token = randomBytes(24).toString('base64');
      tokens.set(token, true);
      return token;
    },
    state(token) {
      if (!token) return 'missing';
      const good = tokens.get(token);
      if (good === undefined) return 'wrong';
      return good ? 'good' : 'expired';
    },
    expire() {
      for (const token of tokens.keys()) tokens.set(token, false);
    },
  };
}
