/** Zero-width space: invisible, and it breaks the markdown syntax around it. */
const ZERO_WIDTH = '\u200b';

/**
 * Positions at which a value would be parsed as markdown. Syntax by provider:
 * WeCom headings, links, quotations, code, fonts and `<@member>` (https://developer.work.weixin.qq.com/document/path/99110);
 * DingTalk those of common markdown and pictures (https://open.dingtalk.com/document/orgapp/custom-robot-access); Feishu tags
 * such as `<at id=all>` and `<a href>`, links, pictures, lines, fences and entities
 * (https://open.larkoffice.com/document/ukTMukTMukTM/uADOwUjLwgDM14CM4ATN).
 *
 * No escape is common to all: some show a backslash, others an entity.
 */
const BREAKS: readonly RegExp[] = [
  // After the start of a tag, mention or entity. `a < 5`, `<=` and `<5` stay unchanged, so that a query can be copied.
  /(?<=<)(?![ \d=])/g,
  /(?<=&)(?=#?\w{1,32};)/g,
  // Between the halves of a link or picture, either of which may be outside the value.
  /(?<=\])(?=[([:]|$)|^(?=\()/g,
  // Before a heading, a quotation, a fence, and the underline of a heading.
  /^(?=[^\S\n]{0,1000}(?:#|>|```|~~~|(?:=+|-+)[^\S\n]{0,1000}$))/gm,
];

/**
 * Escapes a value for markdown by zero-width spaces at those positions. Emphasis stays: it changes the look of a text,
 * not its effect.
 */
export function markdownValue(text: string): string {
  // Control characters go first: providers drop them, which would join the characters around them.
  const plain = text.replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replaceAll(/(?![\n\t])\p{Cc}/gu, '');
  return BREAKS.reduce((broken, place) => broken.replace(place, ZERO_WIDTH), plain);
}
