import { RE2JS, RE2JSException } from 're2js';
import type { AlertEvent, Match } from '#libs/contracts';

/** Longest regular expression, in characters; the cost of matching grows with it. */
export const REGEX_CHARS_MAX = 1_024;
/** Largest compiled program: repetitions multiply, so that `(a{0,1000}){0,9}` is short and slow. */
const REGEX_STEPS_MAX = 5_000;
const REGEX_MARK = '~';

type Test = (value: string) => boolean;
/** Fields of an event that matching reads. */
export type Matchable = Pick<AlertEvent, 'policy' | 'object' | 'level' | 'labels'>;

/** An entry of a match that cannot be used; `entry` is its name. */
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
 * Compiles a match into a test that all its entries must pass. `policy`, `object` and `level` are the event's own fields,
 * every other name is a label, and a missing label is the empty string. A value that starts with `~` is a regular
 * expression for the whole value, which runs in linear time; any other value must be equal.
 * @throws MatchError when an expression does not compile
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
      // Own properties only, so that a label named like an inherited property is missing unless it was sent.
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
    // A value may hold line breaks, which `.*` is meant to match.
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
    throw new MatchError(
      name,
      'the regular expression after ~ is too large with its repetitions expanded; use fewer or smaller repetitions',
    );
  }
  return regex;
}
