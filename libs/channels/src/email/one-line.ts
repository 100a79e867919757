const READ_CHARS_MAX = 2_000;
const LINE_CHARS_MAX = 300;

/** A reply as one line of bounded length; replies of several lines repeat their code on each. */
export function oneLine(reply: string): string {
  const line = reply
    .slice(0, READ_CHARS_MAX)
    .replaceAll(/[\r\n]+\d{3}[ -]/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length <= LINE_CHARS_MAX ? line : `${line.slice(0, LINE_CHARS_MAX).toWellFormed()}…`;
}
