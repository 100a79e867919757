import { RecentMap } from './recent-map.js';
import { TemplateError } from './template-error.js';

/** A render that takes longer than this is not quick; a usual one takes a hundredth of it. */
const QUICK_MS = 0.5;
const BANNED_MS = 60_000;
/** How those behave that were not heard of for longest is seen anew. */
const KNOWN = { count: 20_000, chars: 8_388_608 };

/** What is known of templates: whether they are quick, and which must not be tried again for a while. */
export class Reputation {
  readonly #now: () => number;
  readonly #quick = new RecentMap<boolean>(KNOWN);
  readonly #banned = new RecentMap<{ error: TemplateError; until: number }>(KNOWN);

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long the template took the last time. */
  took(source: string, ms: number): void {
    this.#quick.set(source, ms <= QUICK_MS);
  }

  isQuick(source: string): boolean {
    return this.#quick.get(source) ?? false;
  }

  /** One tenant's thousand deliveries cost as much as one, for a minute. */
  ban(source: string, error: TemplateError): void {
    const again = new TemplateError(`${error.message}; it is not tried again for a minute`);
    this.#banned.set(source, { error: again, until: this.#now() + BANNED_MS });
    this.#quick.delete(source);
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
