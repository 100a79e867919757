import { cutText, type Language, type TemplateVariables, type TextLimit } from '#libs/contracts';
import { cleanLine, cleanText } from './clean-text.js';
import { OPEN_LABEL, webLink } from './web-link.js';

/** A message for a provider that displays markdown. */
export interface MarkdownMessage {
  /** In one line. */
  title: string;
  /** Empty if it would only repeat the title. */
  body: string;
  /** The link to the alert, if the rendered text ends with it. */
  link?: { label: string; url: string };
}

/** The parts of a rendered message that are needed here. */
interface Rendered {
  title: string;
  content: string;
  lang: Language;
  variables: Pick<TemplateVariables, 'url'>;
}

/** Maximum characters of a link; a longer one would leave too little room for the text. */
const LINK_CHARS_MAX = 1_000;

/** Splits a rendered message into title, body and link. The link is taken from the end of the text, even if it was cut. */
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
    ...(link && { link: { label: OPEN_LABEL[lang], url } }),
  };
}

/** `[Open](https://…)`; empty without a link. */
export const markdownLink = ({ link }: MarkdownMessage): string => (link ? `[${link.label}](${link.url})` : '');

/** The URL with every character escaped that would end it inside markdown. */
function linkTarget(url: string): string {
  return url.replaceAll(
    /[()[\]<>'"\s\\`*_~|]/g,
    (mark) => `%${mark.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  );
}
