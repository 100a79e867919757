import type { Level, TextLimit } from '#libs/contracts';
import type { Message } from '../channel.js';
import { composeWithin, type MarkdownMessage, markdownMessage } from '../kit/index.js';

export const TITLE_MAX: TextLimit = { max: 200, unit: 'characters' };
/** The limit of 20 KB, as 20,000 bytes: https://open.feishu.cn/document/client-docs/bot-v3/add-custom-bot */
const BODY_BYTES_MAX = 20_000;
/** Leaves room for the rest of the card and for JSON escapes, so that the last line of a digest is not cut. */
export const CONTENT_MAX: TextLimit = { max: 17_000, unit: 'bytes' };

/** https://open.feishu.cn/document/common-capabilities/message-card/message-cards-content/card-header */
const COLOURS: Readonly<Record<Level, string>> = {
  fatal: 'red',
  error: 'orange',
  nodata: 'violet',
  warning: 'yellow',
  info: 'blue',
  recovered: 'green',
};

/** The body of a request: a card, with the fields of the signature if there are any. */
export function cardBody(message: Message, signature: object): string {
  const parts = markdownMessage(message, TITLE_MAX);
  return composeWithin(parts.body, BODY_BYTES_MAX, (body) =>
    JSON.stringify({ ...signature, msg_type: 'interactive', card: cardOf({ ...parts, body }, message.level) }),
  );
}

function cardOf({ title, body, link }: MarkdownMessage, level: Level): object {
  return {
    config: { wide_screen_mode: true },
    header: { template: COLOURS[level], title: plainText(title) },
    elements: [
      // Feishu refuses a card without elements.
      { tag: 'markdown', content: body || title },
      ...(link ? [{ tag: 'action', actions: [buttonOf(link)] }] : []),
    ],
  };
}

const plainText = (content: string): object => ({ tag: 'plain_text', content });

const buttonOf = ({ label, url }: NonNullable<MarkdownMessage['link']>): object => ({
  tag: 'button',
  type: 'primary',
  text: plainText(label),
  url,
});
