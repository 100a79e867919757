import { cutText, type TextLimit } from '#libs/contracts';
import type { Message } from '../channel.js';
import { composeWithin, type MarkdownMessage, markdownLink, markdownMessage } from '../kit/index.js';

export const TITLE_MAX: TextLimit = { max: 200, unit: 'characters' };
/** The limit of the preview in lists of conversations: 64 characters, counted as bytes to be safe. */
const PREVIEW_MAX: TextLimit = { max: 64, unit: 'bytes' };

/** https://open.dingtalk.com/document/orgapp/custom-robot-access: the limit of the whole body */
const ROBOT_BYTES_MAX = 20_000;
/** https://open.dingtalk.com/document/orgapp/error-code: the limit of code 34016 */
const APP_BYTES_MAX = 5_000;

/** Leaves room for a usual title and for line ends, four bytes each in JSON, so that the last line of a digest is not cut. */
export const ROBOT_CONTENT_MAX: TextLimit = { max: 16_000, unit: 'bytes' };
export const CHAT_CONTENT_MAX: TextLimit = { max: 4_400, unit: 'bytes' };

/** The body of a request to a robot. */
export function robotBody(message: Message, keywords: readonly string[]): string {
  const parts = markdownMessage(message, TITLE_MAX);
  return composeWithin(parts.body, ROBOT_BYTES_MAX, (body) => {
    const markdown = { title: previewOf(parts), text: withKeyword(textOf(parts, body), keywords) };
    return JSON.stringify({ msgtype: 'markdown', markdown, at: { isAtAll: false } });
  });
}

/** The message in a request of an app. */
export function appMessage(message: Message): object {
  const parts = markdownMessage(message, TITLE_MAX);
  const text = composeWithin(parts.body, APP_BYTES_MAX, (body) => textOf(parts, body));
  return { msgtype: 'markdown', markdown: { title: previewOf(parts), text } };
}

const previewOf = ({ title }: MarkdownMessage): string => cutText(title, PREVIEW_MAX) || '…';

/** Turns lines into paragraphs, because DingTalk joins lines that a single line end separates. */
function textOf(parts: MarkdownMessage, body: string): string {
  return [`### ${parts.title}`, body.replaceAll(/\n+/g, '\n\n'), markdownLink(parts)].filter(Boolean).join('\n\n');
}

/** Adds a keyword in the smallest heading, because a robot with keywords refuses a message without one. */
function withKeyword(text: string, keywords: readonly string[]): string {
  const [first] = keywords;
  return first === undefined || keywords.some((word) => text.includes(word)) ? text : `${text}\n\n###### ${first}`;
}
