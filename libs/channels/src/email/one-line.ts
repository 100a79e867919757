const WORDS_CHARS_MAX = 300;

/** What a server said, for a line of text. Replies of several lines repeat their code on each. */
export function oneLine(words: string): string {
  const line = words.replaceAll(/\s*[\p{Cc}\u2028\u2029]+\s*(?:\d{3}[ -])?/gu, ' ').trim();
  return line.length <= WORDS_CHARS_MAX ? line : `${line.slice(0, WORDS_CHARS_MAX).toWellFormed()}…`;
}
