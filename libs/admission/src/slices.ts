import { EVENT_UNITS_MAX } from '#libs/matching';

/** Matching work of one turn of the event loop, in units: about a millisecond. */
export const SLICE_UNITS = 50_000;
/** Least work that a waiting request is charged with, so that a turn serves a bounded number of them. */
const SERVED_UNITS_MIN = SLICE_UNITS / 10;
/** Units by which a new request is ahead of the clock: those of the others differ from it by one event. */
const AHEAD_UNITS = EVENT_UNITS_MAX;

/** A request of a team. */
export interface Share {
  readonly team: string | null;
  /** Its place on the clock of its team: the units that it has spent since it began there. */
  place: number;
}

interface Waiting {
  share: Share;
  /** Does the work of a slice, and returns its units. It does not throw. */
  work(): number;
}

/** The waiting requests of a team. Its clock shows the units that each of them would have by now in equal shares. */
interface TeamQueue {
  clock: number;
  waiting: Waiting[];
}

/**
 * Shares the event loop among requests with long matching work. Once the work of a turn of the loop is done, by whichever
 * requests, each further slice waits for a later turn. Teams are served in rotation, and of a team the request with the least
 * work. A new one begins at the equal share of the others, so that it neither waits for all their work nor starves them.
 */
export class Slices {
  /** Units spent in this turn of the event loop. */
  private spent = 0;
  /** Teams with waiting requests, the next one first. */
  private readonly teams = new Map<string | null, TeamQueue>();
  private isEndExpected = false;

  constructor(private readonly atEndOfTurn: (act: () => void) => void = setImmediate) {}

  /** A share for a new request. @param team team of its sender; null for the platform */
  share(team: string | null): Share {
    return { team, place: 0 };
  }

  /** Runs the work of one slice: at once if no request waits and this turn has room, else in a later turn. */
  run<T>(share: Share, work: () => { units: number; result: T }): Promise<T> {
    return new Promise((resolve, reject) => {
      const charged = (): number => {
        try {
          const { units, result } = work();
          resolve(result);
          return units;
        } catch (error) {
          reject(error);
          return 0;
        }
      };
      if (this.teams.size > 0 || this.spent >= SLICE_UNITS) this.enqueue({ share, work: charged });
      else {
        const units = charged();
        share.place += units;
        this.spent += units;
      }
      this.expectEndOfTurn();
    });
  }

  private enqueue(waiting: Waiting): void {
    const { share } = waiting;
    const queue = this.teams.get(share.team) ?? { clock: 0, waiting: [] };
    this.teams.set(share.team, queue);
    share.place = Math.max(share.place, queue.clock - AHEAD_UNITS);
    queue.waiting.push(waiting);
  }

  private expectEndOfTurn(): void {
    if (this.isEndExpected || (this.spent === 0 && this.teams.size === 0)) return;
    this.isEndExpected = true;
    this.atEndOfTurn(() => {
      this.isEndExpected = false;
      this.spent = 0;
      while (this.spent < SLICE_UNITS && this.teams.size > 0) this.serveNext();
      this.expectEndOfTurn();
    });
  }

  private serveNext(): void {
    const [team, queue] = this.teams.entries().next().value as [string | null, TeamQueue];
    const { waiting } = queue;
    const next = waiting.reduce((least, one) => (one.share.place < least.share.place ? one : least));
    const units = Math.max(SERVED_UNITS_MIN, next.work());
    queue.clock += units / waiting.length;
    next.share.place += units;
    this.spent += units;
    waiting.splice(waiting.indexOf(next), 1);
    this.teams.delete(team);
    if (waiting.length > 0) this.teams.set(team, queue);
  }
}
