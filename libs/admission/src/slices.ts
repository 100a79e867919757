import { setImmediate as nextTurn } from 'node:timers/promises';

/** Matching work of one turn of the event loop, in units: about a millisecond. */
const TURN_UNITS = 50_000;

/**
 * Shares the event loop among requests with long matching work. Once the work of a turn is done, by whichever requests, each
 * further one waits for a turn of its own, in the order in which they asked.
 */
export class Slices {
  private spent = 0;
  private last: Promise<void> = Promise.resolve();

  /** Notes work that was done. */
  spend(units: number): void {
    if (units === 0) return;
    if (this.spent === 0) setImmediate(() => this.endTurn());
    this.spent += units;
  }

  /** Resolves when work may go on; undefined if it may at once. */
  wait(): Promise<void> | undefined {
    if (this.spent < TURN_UNITS) return undefined;
    this.last = this.last.then(() => nextTurn());
    return this.last;
  }

  private endTurn(): void {
    this.spent = 0;
  }
}
