import type { FakeProvider, Situation } from '../../test/channel-suite.js';
import { type Behaviour, type ReceivedRequest, startReceiver } from '../../test/receiver.js';
import type { Config } from '../kit/config/config-fields.js';

export const WEBHOOK_PATH = '/services/T00000000/B00000000/wEbHoOkSeCrEt00000000000';
export const TOKEN = 'xoxb-0123456789-sEcReTtOkEn';

/** A message as Slack documents it, with the fields that are checked here. */
interface Posted {
  channel?: string;
  thread_ts?: string;
  reply_broadcast?: boolean;
  text: string;
  blocks?: Block[];
  attachments?: { color: string; fallback: string; blocks: Block[] }[];
  metadata: { event_type: string; event_payload: Record<string, unknown> };
}
interface TextObject {
  type: string;
  text: string;
  verbatim?: boolean;
}
/** A button has a text object for its text, a text object of a context block a string. */
interface BlockElement {
  type: string;
  text: TextObject | string;
  url?: string;
}
interface Block {
  type: string;
  text?: TextObject;
  elements?: BlockElement[];
}

const ANSWERS: Readonly<Record<'token' | 'webhook', Partial<Record<Situation, Behaviour>>>> = {
  token: {
    rejected: refusal('invalid_arguments'),
    misconfigured: refusal('invalid_auth'),
    throttled: { status: 429, headers: { 'retry-after': '30' }, body: '{"ok":false,"error":"ratelimited"}' },
    unavailable: refusal('internal_error'),
    unknown: 'hang',
  },
  webhook: {
    rejected: { status: 400, body: 'invalid_payload' },
    misconfigured: { status: 404, body: 'no_service' },
    throttled: { status: 429, body: '{"retry_after":30,"ok":false,"error":"rate_limited"}' },
    unavailable: { status: 500, body: 'rollup_error' },
    unknown: 'hang',
  },
};

/** A refusal of the Web API. */
export function refusal(error: string, more: Record<string, unknown> = {}): Behaviour {
  return { status: 200, body: JSON.stringify({ ok: false, error, ...more }) };
}

export interface FakeSlack extends FakeProvider {
  readonly posted: readonly Posted[];
  readonly requests: readonly ReceivedRequest[];
  /** Error codes for messages that it refuses, such as for a thread that is gone. */
  readonly refuses: Map<string, (message: Posted) => boolean>;
  /** Every further request gets this answer. */
  behave(behaviour: Behaviour): void;
}

/** Starts a fake Slack with incoming webhooks and chat.postMessage, by https://docs.slack.dev. */
export async function startSlack(by: 'token' | 'webhook'): Promise<FakeSlack> {
  const receiver = await startReceiver();
  const complaints: string[] = [];
  const posted: Posted[] = [];
  const refuses: FakeSlack['refuses'] = new Map();
  let situation: Situation = 'delivered';

  function answer(request: ReceivedRequest): Behaviour {
    complaints.push(...requestComplaints(request, by));
    const answer = ANSWERS[by][situation];
    if (answer) return answer;
    const message = JSON.parse(request.body) as Posted;
    const found = messageComplaints(message);
    complaints.push(...found);
    if (found.length > 0) return by === 'token' ? refusal('invalid_blocks') : { status: 400, body: 'invalid_blocks' };
    for (const [word, applies] of refuses) {
      if (applies(message)) return by === 'token' ? refusal(word) : { status: 400, body: word };
    }
    posted.push(message);
    return by === 'token' ? accepted(message, posted.length) : { status: 200, body: 'ok' };
  }
  receiver.behave(answer);

  const config: Config =
    by === 'token'
      ? { token: TOKEN, channels: ['#ops', 'C0SECOND'], apiUrl: `${receiver.url}/api` }
      : { webhookUrl: receiver.url + WEBHOOK_PATH };
  return {
    config,
    complaints,
    posted,
    refuses,
    requests: receiver.requests,
    get shown() {
      return posted.map(readersSee);
    },
    get deliveryIds() {
      return posted.map(({ metadata }) => String(metadata.event_payload.delivery_id));
    },
    play(next) {
      situation = next;
    },
    behave: receiver.behave,
    close: receiver.stop,
  };
}

/** The answer of success; it contains the whole message. */
function accepted(message: Posted, n: number): Behaviour {
  const channel = message.channel?.startsWith('C') ? message.channel : 'C0FIRST01';
  const ts = `1763625600.${String(n).padStart(6, '0')}`;
  const { text, blocks, attachments } = message;
  return { status: 200, body: JSON.stringify({ ok: true, channel, ts, message: { text, blocks, attachments, ts } }) };
}

function requestComplaints({ method, path, headers, body }: ReceivedRequest, by: 'token' | 'webhook'): string[] {
  const found: string[] = [];
  const check = (right: boolean, complaint: string): void => void (right || found.push(complaint));
  check(method === 'POST', `method ${method}`);
  check(path === (by === 'token' ? '/api/chat.postMessage' : WEBHOOK_PATH), `path ${path}`);
  check(/^application\/json(; ?charset=utf-8)?$/.test(headers['content-type'] ?? ''), 'content type');
  check(by === 'webhook' || headers.authorization === `Bearer ${TOKEN}`, 'no token');
  const message = JSON.parse(body) as Posted;
  check(by === 'webhook' || /\S/.test(message.channel ?? ''), 'no channel');
  check(by === 'token' || message.thread_ts === undefined, 'a thread that no webhook knows');
  return found;
}

/** All violations of Slack's documentation in a message, and mentions that would notify people. */
export function messageComplaints(message: Posted): string[] {
  const found: string[] = [];
  const check = (right: boolean, complaint: string): void => void (right || found.push(complaint));
  const { text, blocks = [], attachments = [] } = message;
  const all = [...blocks, ...attachments.flatMap((one) => one.blocks)];
  check(text.trim() !== '' && text.length <= 4_000, 'text missing or too long');
  check(all.length <= 50, 'too many blocks');
  check(JSON.stringify(all).length <= 13_200, 'msg_blocks_too_long');
  for (const { color } of attachments) check(/^#[0-9a-f]{6}$/.test(color), `colour ${color}`);
  for (const block of all) for (const problem of blockComplaints(block)) found.push(`${block.type}: ${problem}`);
  for (const one of [text, ...attachments.map((each) => each.fallback), ...textsOf(all)]) {
    found.push(...textComplaints(one));
  }
  return found;
}

function blockComplaints({ type, text, elements = [] }: Block): string[] {
  const found: string[] = [];
  const check = (right: boolean, complaint: string): void => void (right || found.push(complaint));
  const isText = (one: TextObject | undefined, kind: string, max: number): boolean =>
    one?.type === kind && one.text.length > 0 && one.text.length <= max;
  if (type === 'header') check(isText(text, 'plain_text', 150), 'text');
  else if (type === 'section') check(isText(text, 'mrkdwn', 3_000) && text?.verbatim === true, 'text');
  else if (type === 'context') check(elements.length > 0 && elements.length <= 10, 'elements');
  else if (type === 'actions') {
    for (const { url = '', text: words } of elements) {
      check(isText(words as TextObject, 'plain_text', 75), 'words of the button');
      check(/^https?:\/\/\S+$/.test(url) && url.length <= 3_000, 'url of the button');
    }
  } else found.push('unknown');
  return found;
}

function textsOf(blocks: Block[]): string[] {
  return blocks.flatMap(({ text, elements = [] }) => [
    ...(text ? [text.text] : []),
    ...elements.map((element) => (typeof element.text === 'string' ? element.text : element.text.text)),
  ]);
}

/** Complains of angle brackets around anything but a date or a plain link. */
function textComplaints(text: string): string[] {
  const found: string[] = [];
  for (const [mark] of text.matchAll(/<[^>]*>?/g)) {
    if (!/^<(!date\^\d+\^[^<>|]+\|[^<>]+|https?:\/\/[^\s<>|]+)>$/.test(mark)) found.push(`a mark: ${mark}`);
  }
  if (/&(?!(amp|lt|gt);)/.test(text)) found.push(`not escaped: ${text}`);
  if (!text.isWellFormed()) found.push('half a character');
  if (/[^\P{Cc}\t\n]/u.test(text)) found.push('control characters');
  return found;
}

/** The text as Slack displays it. */
function readersSee({ text, blocks = [], attachments = [] }: Posted): string {
  const all = [...blocks, ...attachments.flatMap((one) => one.blocks)];
  return (all.length === 0 ? [text] : textsOf(all)).map(decoded).join('\n');
}

const decoded = (text: string): string =>
  text
    .replaceAll(/<!date[^|>]*\|([^>]*)>|<([^<>]*)>/g, '$1$2')
    .replaceAll('&lt;', '<')
    .replaceAll('&gt;', '>')
    .replaceAll('&amp;', '&');
