/** Nothing to be seen, and the mark behind or before it is none any more. */
const ZERO_WIDTH = '\u200b';

/**
 * Where a value would make something of the markdown around it that is more than text. Which marks they know:
 * WeCom headings, links, quotations, code, fonts and `<@member>` (https://developer.work.weixin.qq.com/document/path/99110);
 * DingTalk those of common markdown and pictures (https://open.dingtalk.com/document/orgapp/custom-robot-access); Feishu tags
 * such as `<at id=all>` and `<a href>`, links, pictures, lines, fences and entities
 * (https://open.larkoffice.com/document/ukTMukTMukTM/uADOwUjLwgDM14CM4ATN).
 *
 * None has a way to write a mark as text that the others know too: a backslash is shown by some and an entity by others.
 */
const BREAKS: readonly RegExp[] = [
  // Behind what begins a tag, a mention or an entity. `a < 5`, `<=` and `<5` stay as they are, so that a query can be copied.
  /(?<=<)(?![ \d=])/g,
  /(?<=&)(?=#?\w{1,32};)/g,
  // Between the halves of a link or picture, be one of them in the text around or in the value beside.
  /(?<=\])(?=[([:]|$)|^(?=\()/g,
  // Before a heading, a quotation, a fence, and the line that makes a heading of the one above it.
  /^(?=[^\S\n]{0,1000}(?:#|>|```|~~~|(?:=+|-+)[^\S\n]{0,1000}$))/gm,
];

/**
 * A value as text for markdown: readable and, but for characters without width at those places, as it is. Emphasis is left:
 * it changes how a text looks, and not what it does.
 */
export function markdownValue(text: string): string {
  // Line ends of all kinds first, and without other control characters: providers drop them, and what they stood between meets.
  const plain = text.replaceAll(/\r\n?|[\u0085\u2028\u2029]/g, '\n').replaceAll(/(?![\n\t])\p{Cc}/gu, '');
  return BREAKS.reduce((broken, place) => broken.replace(place, ZERO_WIDTH), plain);
}
