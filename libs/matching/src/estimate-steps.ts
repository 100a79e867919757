/** `{2}`, `{2,}` or `{2,5}`. */
const REPETITION = /\{(\d+)(?:,(\d*))?\}/y;
/** An escape, a class of characters, or the beginning of a group with flags or a name. */
const ESCAPE = /\\(?:[pPx]\{[^}]*\}|.)/sy;
const CLASS = /\[\^?\]?(?:\[:\^?\w+:\]|\\.|[^\]\\])*\]/sy;
const GROUP = /\((?:\?(?:P?<[^>]*>|[a-zA-Z-]*:|[a-zA-Z-]*(?=\))))?/y;

/**
 * Estimates the program steps of a regular expression from its text, with repetitions expanded. It is slightly more than the
 * program has. A text of a thousand characters may have a million steps, whose compilation takes a second and 300 MiB.
 */
export function estimateSteps(source: string): number {
  let at = 0;
  const next = (pattern: RegExp): RegExpExecArray | null => {
    pattern.lastIndex = at;
    const found = pattern.exec(source);
    if (found) at = pattern.lastIndex;
    return found;
  };
  /** Steps of a sequence, to the end of its group. Iterative, since groups may be nested a thousand levels deep. */
  const open: number[] = [];
  let steps = 0;
  while (at < source.length) {
    let atom = 1;
    if (next(GROUP)) {
      open.push(steps);
      steps = 0;
      continue;
    }
    if (source[at] === ')') {
      at += 1;
      atom = steps + 2;
      steps = open.pop() ?? 0;
    } else if (!next(ESCAPE) && !next(CLASS)) at += 1;
    for (let repetition = next(REPETITION); repetition; repetition = next(REPETITION)) {
      const [, least, most] = repetition;
      atom = (atom + 1) * Math.max(1, Number(least), Number(most || 0));
    }
    steps += atom;
  }
  return open.reduce((sum, outer) => sum + outer, steps);
}
