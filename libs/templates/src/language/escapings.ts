import type { Escaping } from '#libs/contracts';
import { markdownValue } from './markdown-value.js';
import { percentEncode } from './value-text.js';

const ENTITIES: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;' };

const ESCAPE: Readonly<Record<Escaping, (text: string) => string>> = {
  url: percentEncode,
  // https://docs.slack.dev/messaging/formatting-message-text#escaping
  mrkdwn: (text) => text.replace(/[&<>]/g, (mark) => ENTITIES[mark] as string),
  markdown: markdownValue,
};

/** Escapes a value for a kind of text; without a kind it stays unchanged. */
export function escapeValue(text: string, escaping: Escaping | undefined): string {
  return escaping === undefined ? text : ESCAPE[escaping](text);
}
