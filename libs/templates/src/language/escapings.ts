import type { Escaping } from '#libs/contracts';
import { markdownValue } from './markdown-value.js';
import { percentEncode } from './value-text.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const WRITTEN: Readonly<Record<Escaping, (text: string) => string>> = {
  url: percentEncode,
  // https://docs.slack.dev/messaging/formatting-message-text#escaping
  mrkdwn: (text) => text.replace(/[&<>]/g, (mark) => ENTITIES[mark] as string),
  markdown: markdownValue,
};

/** A value as it is written into a text of that kind; as it is, where there is none. */
export function escapeValue(text: string, escaping: Escaping | undefined): string {
  return escaping === undefined ? text : WRITTEN[escaping](text);
}
