import type { Message } from '../channel.js';
import { cleanLine, cleanText, LEVEL_COLOURS, OPEN_LABEL, webLink } from '../kit/index.js';
import { cutUnits, decodeEntities, inPieces, withLinks } from './mrkdwn.js';

/** https://docs.slack.dev/reference/block-kit/blocks/header-block */
export const HEADER_UNITS_MAX = 150;
/** https://docs.slack.dev/reference/block-kit/blocks/section-block */
const SECTION_UNITS_MAX = 3_000;
/**
 * Maximum number of sections. Slack refuses blocks of about 13,200 characters in total, which is not documented:
 * https://github.com/slackapi/bolt-js/issues/2509
 */
const SECTIONS_MAX = 3;
/** Room for the marks of links and for sections that end before their limit. */
const MARKS_UNITS = 1_000;
export const CONTENT_UNITS_MAX = SECTIONS_MAX * SECTION_UNITS_MAX - MARKS_UNITS;
/** https://docs.slack.dev/reference/block-kit/block-elements/button-element allows 3,000, which count toward the 13,200. */
const BUTTON_URL_UNITS_MAX = 2_000;
/** Recommended: https://docs.slack.dev/reference/methods/chat.postMessage#truncating */
const TEXT_UNITS_MAX = 4_000;
const CONTEXT_UNITS_MAX = 200;

type Block = Record<string, unknown>;

/** The body of a message in the fields of Slack's API. */
export interface SlackBody {
  /** The text for notifications and screen readers, instead of the blocks. */
  text: string;
  blocks?: Block[];
  attachments?: { color: string; fallback: string; blocks: Block[] }[];
}

/** The title as a header, then an attachment in the colour of the level with content, link and endpoint. */
export function bodyOf(message: Message): SlackBody {
  const title = cutUnits(cleanLine(message.title), HEADER_UNITS_MAX);
  const link = buttonUrl(message.variables.url);
  const attached = [
    ...sectionsOf(contentOf(message, link !== undefined)),
    ...(link === undefined ? [] : [button(link, OPEN_LABEL[message.lang])]),
    context(message),
  ];
  return {
    text: textOf(message, title),
    ...(title !== '' && { blocks: [{ type: 'header', text: plain(title) }] }),
    attachments: [{ color: LEVEL_COLOURS[message.level], fallback: title || fallbackTitle(message), blocks: attached }],
  };
}

/** The body without blocks, for when Slack refuses them. */
export function plainBodyOf(message: Message): SlackBody {
  return { text: textOf(message, cutUnits(cleanLine(message.title), HEADER_UNITS_MAX)) };
}

function textOf(message: Message, title: string): string {
  const content = cleanText(message.content);
  const parts = [title, content === title ? '' : content].filter((part) => part !== '');
  return cutUnits(parts.join('\n'), TEXT_UNITS_MAX) || fallbackTitle(message);
}

/** The text of a message whose template rendered none; Slack requires one. */
const fallbackTitle = ({ variables }: Message): string => `[${variables.level_name}]`;

function contentOf({ title, content, variables }: Message, hasButton: boolean): string {
  const text = cleanText(content);
  // The header shows it already.
  if (text === cleanText(title)) return '';
  const lastLine = text.slice(text.lastIndexOf('\n') + 1);
  // The button has the link already.
  const rest = hasButton && decodeEntities(lastLine) === variables.url.trim() ? text.slice(0, -lastLine.length) : text;
  return rest.trim();
}

function buttonUrl(url: string): string | undefined {
  const link = webLink(url);
  return link !== undefined && link.length <= BUTTON_URL_UNITS_MAX ? link : undefined;
}

const plain = (text: string): Block => ({ type: 'plain_text', text });

function sectionsOf(content: string): Block[] {
  const pieces = inPieces(withLinks(content), SECTION_UNITS_MAX - 1);
  const shown = pieces.slice(0, SECTIONS_MAX);
  return shown.map((piece, index) => {
    const text = index === SECTIONS_MAX - 1 && pieces.length > SECTIONS_MAX ? `${piece}…` : piece;
    return { type: 'section', text: { type: 'mrkdwn', text, verbatim: true } };
  });
}

const button = (url: string, label: string): Block => ({
  type: 'actions',
  elements: [{ type: 'button', text: plain(label), url, action_id: 'open' }],
});

/** Level, endpoint and start time, in the time zone of the reader. */
function context({ variables }: Message): Block {
  const elements = [plain(cutUnits(cleanLine(`${variables.level_name} · ${variables.endpoint}`), CONTEXT_UNITS_MAX))];
  const since = Date.parse(variables.starts_at ?? '');
  if (!Number.isNaN(since)) elements.push({ type: 'mrkdwn', text: localTime(since), verbatim: true });
  return { type: 'context', elements };
}

/** https://docs.slack.dev/messaging/formatting-message-text#date-formatting */
const localTime = (ms: number): string =>
  `<!date^${Math.floor(ms / 1_000)}^{date_short_pretty} {time_secs}|${new Date(ms).toISOString()}>`;
