import { createRecentCache } from '../language/recent-cache.js';
import { TemplateError } from '../language/template-error.js';

/** Expected speed of a template. */
export type Repute = 'quick' | 'slow' | 'unknown';

/** A template is quick up to this average time a render; a usual one takes a fiftieth of it. */
const QUICK_MS = 0.5;
/** Most that one render adds to the average: on a busy machine single renders look slow. */
const COUNTED_MS_MAX = 2;
/** Weight of the newest render in the average. */
const WEIGHT = 0.2;
const BANNED_MS = 60_000;
/** Size of the memory; the least recently used templates are forgotten and become unknown. */
const REMEMBERED = { count: 20_000, chars: 8_388_608 };

/** Remembers how quick templates are, and which must not be rendered for a minute. */
export class Reputation {
  readonly #now: () => number;
  /** Running average of the time a render takes, in milliseconds. */
  readonly #averageMs = createRecentCache<number>(REMEMBERED);
  readonly #banned = createRecentCache<{ error: TemplateError; until: number }>(REMEMBERED);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** Records the time of one render, whether it succeeded or failed. */
  record(source: string, ms: number): void {
    const counted = Math.min(ms, COUNTED_MS_MAX);
    const average = this.#averageMs.get(source) ?? counted;
    this.#averageMs.set(source, average + WEIGHT * (counted - average));
  }

  of(source: string): Repute {
    const averageMs = this.#averageMs.get(source);
    if (averageMs === undefined) return 'unknown';
    return averageMs <= QUICK_MS ? 'quick' : 'slow';
  }

  /** Bans a template for a minute, so that a thousand deliveries with it cost as much as one. */
  ban(source: string, error: TemplateError): void {
    const banned = new TemplateError(`${error.message}; it is not rendered again for a minute`);
    this.#banned.set(source, { error: banned, until: this.#now() + BANNED_MS });
    this.#averageMs.delete(source);
  }

  /** The reason of a ban; undefined for a template that may be rendered. */
  banOf(source: string): TemplateError | undefined {
    const ban = this.#banned.get(source);
    if (!ban) return undefined;
    if (this.#now() < ban.until) return ban.error;
    this.#banned.delete(source);
    return undefined;
  }
}
