import { LRUCache } from 'lru-cache';
import { RE2JS, RE2JSException } from 're2js';
import { estimateSteps } from './estimate-steps.js';

/** Longest regular expression, in characters; the cost of matching grows with it. */
export const REGEX_CHARS_MAX = 1_024;
/** Largest program of a new expression: repetitions multiply, so that `(a{0,1000}){0,9}` is short and slow. */
export const PROGRAM_STEPS_MAX = 2_000;
/** Most estimated steps that are compiled: above what any version has allowed, and a few milliseconds of work. */
const COMPILED_STEPS_MAX = 20_000;
/** Compiled expressions that are kept: at most about 100 MiB. */
const COMPILED_MAX = 4_000;
/**
 * Memory for the automaton of one expression, in bytes. Beyond it RE2JS simulates the program, which is slower on usual
 * values and three to ten times faster on hostile ones, for which every character makes a new state.
 */
const AUTOMATON_BYTES_MAX = 16_384;

/** A compiled regular expression (RE2), which must match a whole value in linear time. */
export interface Expression {
  /** Number of instructions of its program. */
  readonly steps: number;
  matches(value: string): boolean;
}

/** Expressions by their source, so that a new version of the settings compiles only what is new in it. */
const compiled = new LRUCache<string, Expression>({ max: COMPILED_MAX });

/** Whether an expression is compiled already, so that compiling it takes no time. */
export const isCompiled = (source: string): boolean => compiled.has(source);

/** @throws Error that says why the expression does not compile */
export function compileExpression(source: string): Expression {
  const known = compiled.get(source);
  if (known) return known;
  const estimate = estimateSteps(source);
  if (estimate > COMPILED_STEPS_MAX) throw new Error(tooManySteps(estimate));
  const regex = parse(source);
  const automaton = regex.re2().dfa;
  automaton.maxMem = AUTOMATON_BYTES_MAX;
  automaton.stateBudget = AUTOMATON_BYTES_MAX;
  automaton.memBudget = AUTOMATON_BYTES_MAX;
  const expression = { steps: regex.programSize(), matches: (value: string) => regex.testExact(value) };
  compiled.set(source, expression);
  return expression;
}

/** Words for a program that is too large. */
export const tooManySteps = (steps: number): string =>
  `the regular expression after ~ has ${steps} program steps with its repetitions expanded, at most ${PROGRAM_STEPS_MAX} are allowed; use fewer or smaller repetitions`;

function parse(source: string): RE2JS {
  try {
    // A value may hold line breaks, which `.*` is meant to match.
    return RE2JS.compile(source, RE2JS.DOTALL);
  } catch (error) {
    if (!(error instanceof RE2JSException)) throw error;
    const why = error.message.replace(/^error parsing regexp: /, '');
    throw new Error(
      `the regular expression after ~ does not compile: ${why} (RE2 syntax: no look-around, no back-references)`,
    );
  }
}
