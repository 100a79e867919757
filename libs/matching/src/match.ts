import { RE2JS, RE2JSException } from 're2js';
import type { AlertEvent, Match } from '#libs/contracts';

/** Longer expressions have no use here, and the cost of matching grows with them. */
export const REGEX_CHARS_MAX = 1_024;
/** Repetitions multiply: `(a{0,1000}){0,9}` is short and slow. RE2 counts them in its compiled program. */
const REGEX_STEPS_MAX = 5_000;
const REGEX_MARK = '~';

type Test = (value: string) => boolean;
/** What matching reads of an event. */
export type Matchable = Pick<AlertEvent, 'policy' | 'object' | 'level' | 'labels'>;

/** Thrown where one entry of a match cannot be used; `entry` is the entry's name. */
export class MatchError extends Error {
  constructor(
    readonly entry: string,
    message: string,
  ) {
    super(message);
    this.name = 'MatchError';
  }
}

/**
 * Makes a test of a match: every entry must hold. `policy`, `object` and `level` mean the event's own fields, every
 * other name a label, and a missing label is the empty string. A value that starts with `~` is a regular expression
 * for the whole value, run in linear time; any other value is compared as it is.
 * @throws MatchError when an expression does not compile.
 */
export function compileMatch(match: Match): (event: Matchable) => boolean {
  const entries = Object.entries(match).map(([name, pattern]) => ({
    read: fieldReader(name),
    test: compilePattern(name, pattern),
  }));
  return (event) => entries.every(({ read, test }) => test(read(event)));
}

function fieldReader(name: string): (event: Matchable) => string {
  switch (name) {
    case 'policy':
      return (event) => event.policy;
    case 'object':
      return (event) => event.object;
    case 'level':
      return (event) => event.level;
    default:
      // Own properties only: a label named like something every object inherits is missing unless it was sent.
      return (event) =>
        event.labels !== undefined && Object.hasOwn(event.labels, name) ? (event.labels[name] ?? '') : '';
  }
}

function compilePattern(name: string, pattern: string): Test {
  if (!pattern.startsWith(REGEX_MARK)) return (value) => value === pattern;
  const source = pattern.slice(REGEX_MARK.length);
  if (source.length > REGEX_CHARS_MAX) {
    throw new MatchError(
      name,
      `the regular expression has ${source.length} characters, at most ${REGEX_CHARS_MAX} are allowed`,
    );
  }
  const regex = compileRegex(name, source);
  return (value) => regex.matches(value);
}

function compileRegex(name: string, source: string): RE2JS {
  let regex: RE2JS;
  try {
    // A value may hold line breaks, and `.*` is meant to take them.
    regex = RE2JS.compile(source, RE2JS.DOTALL);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '');
    throw new MatchError(
      name,
      `the regular expression after ~ does not compile: ${why} (RE2 syntax: no look-around, no back-references)`,
    );
  }
  if (regex.programSize() > REGEX_STEPS_MAX) {
    throw new MatchError(name, 'the regular expression after ~ is too large once its repetitions are counted out');
  }
  return regex;
}
