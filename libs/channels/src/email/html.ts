import type { Message } from '../channel.js';
import { LEVEL_COLOURS, OPEN_LABEL, webLink } from '../kit/index.js';

const FONT = 'font-family:system-ui,-apple-system,Segoe UI,Roboto,sans-serif;font-size:16px;line-height:1.5';
const BREAK = 'white-space:pre-wrap;overflow-wrap:anywhere';

/**
 * The HTML part of a mail: the text, a bar in the colour of the level, and the link as a button. It has no images, and no
 * colours of text or background, so that it follows the reader's light or dark mode.
 */
export function htmlOf(message: Pick<Message, 'title' | 'content' | 'level' | 'lang' | 'variables'>): string {
  const { title, content, level, lang, variables } = message;
  const colour = LEVEL_COLOURS[level];
  const heading = `<div dir="auto" style="font-size:20px;font-weight:600;${BREAK}">${escapeHtml(title)}</div>`;
  const linked = webLink(variables.url) !== undefined;
  const link = linked ? button(variables.url, OPEN_LABEL[lang], colour) : '';
  // The button has the link already.
  const rest = linked && content.endsWith(variables.url) ? content.slice(0, -variables.url.length).trimEnd() : content;
  const text = rest === title ? '' : `<div dir="auto" style="margin-top:12px;${BREAK}">${withLinks(rest)}</div>`;
  return `<!DOCTYPE html>
<html lang="${lang}">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<meta name="color-scheme" content="light dark">
<meta name="supported-color-schemes" content="light dark">
<title>${escapeHtml(title)}</title>
</head>
<body style="margin:0;padding:12px">
<div style="max-width:640px;border-left:6px solid ${colour};padding:4px 0 4px 14px;${FONT}">
${heading}
${text}
${link}
</div>
</body>
</html>
`;
}

const ESCAPES: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
  '`': '&#96;',
};

export const escapeHtml = (text: string): string =>
  text.replaceAll(/[&<>"'`]/g, (character) => ESCAPES[character] ?? '');

const LINK = /https?:\/\/[^\s<>"'`\p{Cc}]{1,2000}/giu;
/** Characters that do not belong to a link when they follow it. */
const AFTER_LINK = /[\p{Pe}\p{Pf}.,;:!?*，。；：！？、]/u;

function withLinks(text: string): string {
  let html = '';
  let end = 0;
  for (const { 0: found, index } of text.matchAll(LINK)) {
    const link = withoutEnd(found);
    if (webLink(link) === undefined) continue;
    html += escapeHtml(text.slice(end, index)) + anchor(link, link, '');
    end = index + link.length;
  }
  return html + escapeHtml(text.slice(end));
}

/** A loop, because a regular expression would take quadratic time for a long row of dots. */
function withoutEnd(link: string): string {
  let length = link.length;
  while (length > 0 && AFTER_LINK.test(link.charAt(length - 1))) length -= 1;
  return link.slice(0, length);
}

function button(link: string, label: string, colour: string): string {
  const style = `display:inline-block;padding:10px 20px;border-radius:6px;background:${colour};color:#ffffff;text-decoration:none`;
  return `<div style="margin-top:16px">${anchor(link, label, ` style="${style}"`)}</div>`;
}

const anchor = (link: string, label: string, style: string): string =>
  `<a href="${escapeHtml(link)}"${style} rel="noopener noreferrer">${escapeHtml(label)}</a>`;
