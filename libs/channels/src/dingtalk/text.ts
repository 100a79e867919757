import { cutText, type TextLimit } from '#libs/contracts';
import { type Message } from '../channel.js';
import { composeWithin, type MarkdownMessage, markdownLink, markdownMessage } from '../kit/index.js';

export const TITLE_MAX: TextLimit = { max: 200, unit: 'characters' };
/** What lists of conversations show. An app's may have 64 characters, and bytes are more than those. */
const PREVIEW_MAX: TextLimit = { max: 64, unit: 'bytes' };

/** https://open.dingtalk.com/document/orgapp/custom-robot-access: the whole body */
const ROBOT_BYTES_MAX = 20_000;
/** https://open.dingtalk.com/document/orgapp/error-code: 34016 */
const APP_BYTES_MAX = 5_000;

/** Room for a title of the usual length, and for line ends, which take four bytes in JSON: so a digest keeps its last line. */
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

/** The message of a request that sends as an app. */
export function appMessage(message: Message): object {
  const parts = markdownMessage(message, TITLE_MAX);
  const text = composeWithin(parts.body, APP_BYTES_MAX, (body) => textOf(parts, body));
  return { msgtype: 'markdown', markdown: { title: previewOf(parts), text } };
}

const previewOf = ({ title }: MarkdownMessage): string => cutText(title, PREVIEW_MAX) || '…';

/** Lines become paragraphs: DingTalk runs together what a single line end parts. */
function textOf(parts: MarkdownMessage, body: string): string {
  return [`### ${parts.title}`, body.replaceAll(/\n+/g, '\n\n'), markdownLink(parts)].filter(Boolean).join('\n\n');
}

/** A robot that is set to keywords refuses what holds none. In the smallest letters there are. */
function withKeyword(text: string, keywords: readonly string[]): string {
  const [first] = keywords;
  return first === undefined || keywords.some((word) => text.includes(word)) ? text : `${text}\n\n###### ${first}`;
}
