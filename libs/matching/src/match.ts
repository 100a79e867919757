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
  /** Whether any entry is an expression; otherwise tests spend no work. */
  readonly hasExpressions: boolean;
  /** Compiles the expressions that are not compiled yet, and returns the steps of those. The first test does it too. */
  prepare(): number;
  /**
   * Whether the event satisfies every entry. Expressions come last, and spend work. Undefined if the first entry that could
   * decide does not fit in, or does not compile; `work.overrun` names the first one of all matches.
   */
  takes(event: Matchable, work: MatchingWork): boolean | undefined;
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
  const expressions: (Entry & { compiled: LazyExpression })[] = [];
  for (const [name, pattern] of Object.entries(match)) {
    const entry = { name, read: fieldReader(name) };
    if (pattern.startsWith(REGEX_MARK)) {
      expressions.push({ ...entry, compiled: new LazyExpression(name, pattern.slice(REGEX_MARK.length)) });
    } else equal.push({ ...entry, value: pattern });
  }
  return {
    hasExpressions: expressions.length > 0,
    prepare: () => expressions.reduce((steps, { compiled }) => steps + compiled.prepare(), 0),
    takes(event, work) {
      if (!equal.every(({ read, value }) => read(event) === value)) return false;
      for (const { name, read, compiled } of expressions) {
        const expression = compiled.get();
        if (expression instanceof MatchError) {
          work.refuse(name, () => expression.message);
          return undefined;
        }
        const value = read(event);
        if (!work.spend(name, expression.steps, value.length)) return undefined;
        if (!expression.matches(value)) return false;
      }
      return true;
    },
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

/** Compiles when first needed. Thousands of policies may change at once, and few of them matter for an event. */
class LazyExpression {
  private compiled: Expression | MatchError | undefined;

  constructor(
    private readonly name: string,
    private readonly source: string,
  ) {}

  get(): Expression | MatchError {
    this.compiled ??= compile(this.name, this.source);
    return this.compiled;
  }

  /** Returns the steps of the program if it is compiled only now, else 0. */
  prepare(): number {
    if (this.compiled !== undefined) return 0;
    const isNew = !isCompiled(this.source);
    const compiled = this.get();
    return isNew && !(compiled instanceof MatchError) ? compiled.steps : 0;
  }
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
