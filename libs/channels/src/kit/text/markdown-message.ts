import { cutText, type Language, type TemplateVariables, type TextLimit } from '#libs/contracts';
import { cleanLine, cleanText } from './clean-text.js';
import { OPEN, webLink } from './web-link.js';

/** A message for a provider that shows markdown. */
export interface MarkdownMessage {
  /** In one line. */
  title: string;
  /** Empty where it says no more than the title. */
  body: string;
  /** To the alert, where the text leads there. */
  link?: { words: string; url: string };
}

/** What of a rendered message it takes. */
interface Rendered {
  title: string;
  content: string;
  lang: Language;
  variables: Pick<TemplateVariables, 'url'>;
}

/** Longer ones would take the room of the text, and no browser needs them. */
const LINK_CHARS_MAX = 1_000;

/** What is to be shown: the link at the end of the text, or behind the place where it was cut, comes apart from it. */
export function markdownMessage({ title, content, lang, variables }: Rendered, titleMax: TextLimit): MarkdownMessage {
  const line = cutText(cleanLine(title), titleMax);
  const text = cleanText(content);
  const url = linkTarget(webLink(variables.url) ?? '');
  const isLast = text.endsWith(variables.url);
  const link = url !== '' && url.length <= LINK_CHARS_MAX && (isLast || text.endsWith('…'));
  const body = link && isLast ? text.slice(0, -variables.url.length).trimEnd() : text;
  return {
    title: line,
    body: cleanText(title) === body ? '' : body,
    ...(link && { link: { words: OPEN[lang], url } }),
  };
}

/** `[Open](https://…)`, or nothing. */
export const markdownLink = ({ link }: MarkdownMessage): string => (link ? `[${link.words}](${link.url})` : '');

/** The URL without anything that would end it inside markdown. */
function linkTarget(url: string): string {
  return url.replaceAll(
    /[()[\]<>'"\s\\`*_~|]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}

/**
 * What `compose` makes of the text, or of as much of its beginning as leaves the whole within that many bytes. What it
 * makes may hold more than the text, and write it in more bytes than it has, but not in fewer.
 */
export function composeWithin(text: string, bytesMax: number, compose: (text: string) => string): string {
  const whole = compose(text);
  if (Buffer.byteLength(whole) <= bytesMax) return whole;
  const composeCut = (max: number): string => compose(cutText(text, { max, unit: 'bytes' }));
  let [fits, tooMany] = [0, bytesMax + 1];
  while (tooMany - fits > 1) {
    const max = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(composeCut(max)) <= bytesMax) fits = max;
    else tooMany = max;
  }
  return composeCut(fits);
}
