const READ_CHARS_MAX = 2_000;
const WORDS_CHARS_MAX = 300;

/** What a server said, for a line of text. Replies of several lines repeat their code on each. */
export function oneLine(words: string): string {
  const line = words
    .slice(0, READ_CHARS_MAX)
    .replaceAll(/[\r\n]+\d{3}[ -]/g, ' ')
    .replaceAll(/[\s\p{Cc}]+/gu, ' ')
    .trim();
  return line.length <= WORDS_CHARS_MAX ? line : `${line.slice(0, WORDS_CHARS_MAX).toWellFormed()}…`;
}
