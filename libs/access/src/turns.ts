/** Turns of one client, at a fixed distance. */
export class Turns {
  private nextAt = 0;

  /** @param waitingMax most turns that are waited for at a time */
  constructor(
    private readonly everyMs: number,
    private readonly waitingMax: number,
  ) {}

  /** The time until the turn that is taken, in milliseconds; undefined if too many wait already. */
  take(now: number): number | undefined {
    const at = Math.max(now, this.nextAt);
    if (at - now >= this.everyMs * this.waitingMax) return undefined;
    this.nextAt = at + this.everyMs;
    return at - now;
  }
}
