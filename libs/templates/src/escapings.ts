import type { Escaping } from '#libs/contracts';
import { percentEncode } from './value-text.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

/** What would begin or end something of markdown that is more than text: a mention or tag, a link or picture, a block. */
const MARKS = /<(?=[@/a-z])|(?<=\])\(|^(?=\s*(?:#|>))/gim;
/** Nothing to be seen, and the mark before it is none any more. */
const ZERO_WIDTH = '\u200b';

const WRITTEN: Readonly<Record<Escaping, (text: string) => string>> = {
  url: percentEncode,
  // https://docs.slack.dev/messaging/formatting-message-text#escaping
  mrkdwn: (text) => text.replace(/[&<>]/g, (mark) => ENTITIES[mark] as string),
  markdown: (text) => text.replace(MARKS, (mark) => mark + ZERO_WIDTH),
};

/** A value as it is written into a text of that kind; as it is, where there is none. */
export function escapeValue(text: string, escaping: Escaping | undefined): string {
  return escaping === undefined ? text : WRITTEN[escaping](text);
}
