/** Hints for habits of other template languages, by the text before the position at which parsing failed. */
const HINTS: readonly (readonly [before: RegExp, hint: string])[] = [
  [/[^=!<>]=\s*$/, 'compare values with =='],
  [/&&?\s*$/, 'write `and` instead of &&'],
  [/\|$/, 'write `or` instead of ||'],
  [/\{\{-?\s*$/, 'variables have no leading dot; write labels.instance'],
];

/** Returns a hint to append to the parser's message, or an empty text. */
export function syntaxHint(source: string, line: number, column: number): string {
  const before = (source.split('\n')[line - 1] ?? '').slice(0, column - 1).slice(-200);
  const hint = HINTS.find(([pattern]) => pattern.test(before))?.[1];
  return hint === undefined ? '' : `; ${hint}`;
}
