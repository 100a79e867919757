import { RecentMap } from '../language/recent-map.js';
import { TemplateError } from '../language/template-error.js';

/** What is to be expected of a template. */
export type Repute = 'quick' | 'slow' | 'unknown';

/** A render that takes longer than this on average is not quick; a usual one takes a fiftieth of it. */
const QUICK_MS = 0.5;
/** A busy machine makes single renders look slow: none counts for more, and each for so much of the average. */
const COUNTED_MS_MAX = 2;
const WEIGHT = 0.2;
const BANNED_MS = 60_000;
/** How those behave that were not heard of for longest is seen anew. */
const KNOWN = { count: 20_000, chars: 8_388_608 };

/** What is known of templates: how quick they are, and which must not be tried again for a while. */
export class Reputation {
  readonly #now: () => number;
  /** How long a render takes, on a running average. */
  readonly #averageMs = new RecentMap<number>(KNOWN);
  readonly #banned = new RecentMap<{ error: TemplateError; until: number }>(KNOWN);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** The template was rendered, in so many milliseconds, with success or without. */
  took(source: string, ms: number): void {
    const counted = Math.min(ms, COUNTED_MS_MAX);
    const average = this.#averageMs.get(source) ?? counted;
    this.#averageMs.set(source, average + WEIGHT * (counted - average));
  }

  of(source: string): Repute {
    const averageMs = this.#averageMs.get(source);
    if (averageMs === undefined) return 'unknown';
    return averageMs <= QUICK_MS ? 'quick' : 'slow';
  }

  /** One tenant's thousand deliveries cost as much as one, for a minute. */
  ban(source: string, error: TemplateError): void {
    const again = new TemplateError(`${error.message}; it is not tried again for a minute`);
    this.#banned.set(source, { error: again, until: this.#now() + BANNED_MS });
    this.#averageMs.delete(source);
  }

  /** Why the template is not tried at present. */
  banOf(source: string): TemplateError | undefined {
    const ban = this.#banned.get(source);
    if (!ban) return undefined;
    if (this.#now() < ban.until) return ban.error;
    this.#banned.delete(source);
    return undefined;
  }
}
