import { TemplateError } from './template-error.js';

/** How much one render may do. */
export interface Limits {
  /** In steps: about one for every part of a template that is gone through in a loop, and for every 32 characters handled. */
  readonly work: number;
  /** The longest text, whether on the way or as the result. */
  readonly chars: number;
}

/** For what users write: a render that reaches them has taken some ten milliseconds. */
export const USER_LIMITS: Limits = { work: 200_000, chars: 262_144 };
/** For what we write ourselves, so that the longest event can be told of. */
export const NO_LIMITS: Limits = { work: Number.POSITIVE_INFINITY, chars: Number.POSITIVE_INFINITY };

const CHARS_A_STEP = 32;

/** Counts what a render does, so that most of what never ends ends here, long before its thread is stopped. */
export class Meter {
  #limits = NO_LIMITS;
  #work = 0;
  #written = 0;

  start(limits: Limits): void {
    this.#limits = limits;
    this.#work = limits.work;
    this.#written = 0;
  }

  /** Whether the last render did more than it may; then it would do so again. */
  get exhausted(): boolean {
    return this.#work < 0;
  }

  /** @throws {TemplateError} when a render has done more than it may. */
  spend(steps: number): void {
    this.#work -= steps;
    if (this.#work < 0) throw new TemplateError('the template goes through too much; shorten its loops');
  }

  /** @throws {TemplateError} when a text is too long, before it is made. */
  allow(chars: number): void {
    if (chars > this.#limits.chars) {
      throw new TemplateError(`the result is longer than ${this.#limits.chars} characters`);
    }
    this.spend(1 + chars / CHARS_A_STEP);
  }

  /** For what is put into the result. */
  write(chars: number): void {
    this.#written += chars;
    if (this.#written > this.#limits.chars) this.allow(this.#written);
  }
}
