import type { AlertEvent, Match } from '#libs/contracts';
import {
  compileExpression,
  type Expression,
  isCompiled,
  PROGRAM_STEPS_MAX,
  REGEX_CHARS_MAX,
  tooManySteps,
} from './expression.js';
import { MatchError } from './match-error.js';
import type { MatchingWork } from './work.js';

const REGEX_MARK = '~';

/** Fields of an event that matching reads. */
export type Matchable = Pick<AlertEvent, 'policy' | 'object' | 'level' | 'labels'>;

/** A match, ready to be tested. */
export interface Matcher {
  /** Compiles the expressions that are not compiled yet, and returns the steps of those. The first test does it too. */
  prepare(): number;
  /**
   * Whether the event satisfies every entry. Expressions come last, and spend work; an entry that does not fit in, or
   * does not compile, is named in `work.overrun` and not satisfied.
   */
  takes(event: Matchable, work: MatchingWork): boolean;
}

interface Entry {
  name: string;
  read(event: Matchable): string;
}

/**
 * Prepares a match. `policy`, `object` and `level` are the event's own fields, every other name is a label, and a missing
 * label is the empty string. A value that starts with `~` is a regular expression for the whole value; any other value
 * must be equal.
 */
export function createMatcher(match: Match): Matcher {
  const equal: (Entry & { value: string })[] = [];
  const expressions: (Entry & { source: string; expression: () => Expression | MatchError })[] = [];
  for (const [name, pattern] of Object.entries(match)) {
    const entry = { name, read: fieldReader(name) };
    if (pattern.startsWith(REGEX_MARK)) {
      const source = pattern.slice(REGEX_MARK.length);
      expressions.push({ ...entry, source, expression: lazily(name, source) });
    } else equal.push({ ...entry, value: pattern });
  }
  return {
    prepare: () =>
      expressions.reduce((steps, { source, expression }) => {
        const isNew = !isCompiled(source);
        const compiled = expression();
        return isNew && !(compiled instanceof MatchError) ? steps + compiled.steps : steps;
      }, 0),
    takes: (event, work) =>
      equal.every(({ read, value }) => read(event) === value) &&
      expressions.every(({ name, read, expression }) => {
        const compiled = expression();
        if (compiled instanceof MatchError) return work.refuse(name, () => compiled.message);
        const value = read(event);
        return work.spend(name, compiled.steps, value.length) && compiled.matches(value);
      }),
  };
}

/** @throws MatchError if an expression does not compile, or is larger than new ones may be */
export function checkMatch(match: Match): void {
  for (const [name, pattern] of Object.entries(match)) {
    if (!pattern.startsWith(REGEX_MARK)) continue;
    const source = pattern.slice(REGEX_MARK.length);
    if (source.length > REGEX_CHARS_MAX) {
      throw new MatchError(
        name,
        `the regular expression has ${source.length} characters, at most ${REGEX_CHARS_MAX} are allowed`,
      );
    }
    const expression = compile(name, source);
    if (expression instanceof MatchError) throw expression;
    if (expression.steps > PROGRAM_STEPS_MAX) throw new MatchError(name, tooManySteps(expression.steps));
  }
}

/** Compiles when first called. Thousands of policies may change at once, and few of them matter for an event. */
function lazily(name: string, source: string): () => Expression | MatchError {
  let compiled: Expression | MatchError | undefined;
  return () => {
    compiled ??= compile(name, source);
    return compiled;
  };
}

function compile(name: string, source: string): Expression | MatchError {
  try {
    return compileExpression(source);
  } catch (error) {
    return new MatchError(name, (error as Error).message);
  }
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
