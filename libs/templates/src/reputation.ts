import { TemplateError } from './template-error.js';

/** A render that takes longer than this is not quick; a usual one takes a hundredth of it. */
const QUICK_MS = 0.5;
const BANNED_MS = 60_000;
/** Of so many templates it is known how they behave; those of the rest is seen anew. */
const KNOWN_MAX = 2_000;

/** What is known of templates: whether they are quick, and which must not be tried again for a while. */
export class Reputation {
  readonly #now: () => number;
  readonly #quick = new Map<string, boolean>();
  readonly #banned = new Map<string, { error: TemplateError; until: number }>();

  constructor(now: () => number) {
    this.#now = now;
  }

  /** How long the template took the last time. */
  took(source: string, ms: number): void {
    remember(this.#quick, source, ms <= QUICK_MS);
  }

  isQuick(source: string): boolean {
    return this.#quick.get(source) ?? false;
  }

  /** One tenant's thousand deliveries cost as much as one, for a minute. */
  ban(source: string, error: TemplateError): void {
    const again = new TemplateError(`${error.message}; it is not tried again for a minute`);
    remember(this.#banned, source, { error: again, until: this.#now() + BANNED_MS });
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

/** What was not heard of for longest is forgotten first. */
function remember<Value>(map: Map<string, Value>, key: string, value: Value): void {
  map.delete(key);
  map.set(key, value);
  if (map.size <= KNOWN_MAX) return;
  const [oldest] = map.keys();
  if (oldest !== undefined) map.delete(oldest);
}
