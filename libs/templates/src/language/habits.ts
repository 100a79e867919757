/** What people write who know other template languages, by what stands before the place where the parser gave up. */
const HABITS: readonly (readonly [before: RegExp, hint: string])[] = [
  [/[^=!<>]=\s*$/, 'two values are compared by =='],
  [/&&?\s*$/, 'both of two is: and'],
  [/\|$/, 'one of two is: or'],
  [/\{\{-?\s*$/, 'fields have no dot before them here: labels.instance'],
];

/** What may have been meant where a template cannot be read on, to be put behind the parser's own words. */
export function habitHint(source: string, line: number, column: number): string {
  const before = (source.split('\n')[line - 1] ?? '').slice(0, column - 1).slice(-200);
  const hint = HABITS.find(([pattern]) => pattern.test(before))?.[1];
  return hint === undefined ? '' : `; ${hint}`;
}
