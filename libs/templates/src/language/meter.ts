import { TemplateError } from './template-error.js';

/** Limits of one render. */
export interface Limits {
  /** Work in steps: about one for each node executed in a loop, and one for each 32 characters processed. */
  readonly work: number;
  /** Longest text in characters, intermediate or final. */
  readonly chars: number;
}

/** Limits of users' templates; a render that reaches them has taken some ten milliseconds. */
export const USER_LIMITS: Limits = { work: 200_000, chars: 262_144 };
/** No limits, for the default templates, which must render the longest event. */
export const NO_LIMITS: Limits = { work: Number.POSITIVE_INFINITY, chars: Number.POSITIVE_INFINITY };

const CHARS_A_STEP = 32;

/** Counts the work of a render; most endless templates end here, long before their thread is stopped. */
export class Meter {
  #limits = NO_LIMITS;
  #work = 0;
  #written = 0;

  start(limits: Limits): void {
    this.#limits = limits;
    this.#work = limits.work;
    this.#written = 0;
  }

  /** The last render exceeded its work limit; it would do so again. */
  get exhausted(): boolean {
    return this.#work < 0;
  }

  /** @throws {TemplateError} if the render exceeds its work limit */
  spend(steps: number): void {
    this.#work -= steps;
    if (this.#work < 0) throw new TemplateError('the template does too much work; shorten its loops');
  }

  /** Checks the length of a text before it is made. @throws {TemplateError} if it is too long */
  allow(chars: number): void {
    if (chars > this.#limits.chars) {
      throw new TemplateError(`the result is longer than ${this.#limits.chars} characters`);
    }
    this.spend(1 + chars / CHARS_A_STEP);
  }

  /** Counts text appended to the result. */
  write(chars: number): void {
    this.#written += chars;
    if (this.#written > this.#limits.chars) this.allow(this.#written);
  }
}
