/** Longest value that an expression is matched with, in characters: four times the longest object. */
export const VALUE_CHARS_MAX = 4_096;
/**
 * Work of one team's expressions on one event, in units. A unit is one step of a program at one character of a value. It
 * takes 3 ns for usual expressions and up to 25 ns for hostile ones (`npm run bench -- matching`), so that an event takes at
 * most about 7 ms a team.
 */
export const EVENT_UNITS_MAX = 250_000;

/** Work of finding out that an entry does not fit in, so that thousands of such entries are bounded too. */
const OVERRUN_UNITS = 100;

/** Why an entry was not evaluated. */
export interface Overrun {
  entry: string;
  message: string;
}

/** The work that one team's expressions may still do on one event. */
export class MatchingWork {
  /** Units spent so far. */
  spent = 0;
  /** The first entry that did not fit in. */
  overrun: Overrun | undefined;

  constructor(private readonly max = EVENT_UNITS_MAX) {}

  /** Spends the work of a match before it is done. False if it does not fit in; then `overrun` names the entry. */
  spend(entry: string, steps: number, chars: number): boolean {
    const units = steps * (chars + 1);
    if (chars > VALUE_CHARS_MAX) {
      return this.refuse(
        entry,
        () => `the value has ${chars} characters, and expressions are matched with at most ${VALUE_CHARS_MAX}`,
      );
    }
    const left = this.max - this.spent;
    if (units > left) {
      return this.refuse(
        entry,
        () =>
          `needs ${units} units of work (${steps} program steps, ${chars + 1} characters); ${left} of the ${this.max} for an event were left`,
      );
    }
    this.spent += units;
    return true;
  }

  /** Notes an entry that is not evaluated, and returns false. Only the first one is described: there may be thousands. */
  refuse(entry: string, message: () => string): false {
    this.overrun ??= { entry, message: message() };
    this.spent = Math.min(this.max, this.spent + OVERRUN_UNITS);
    return false;
  }
}
