import type { TemplateVariables } from '#libs/contracts';
import type { Reputation } from './reputation.js';
import { TemplateError } from './template-error.js';

export type TextResult = { text: string } | { error: TemplateError };

export interface Text {
  readonly source: string;
  readonly escaping?: 'url' | undefined;
  result?: TextResult;
}

/** The texts of one message. */
export interface Job {
  readonly texts: readonly Text[];
  readonly variables: TemplateVariables;
  /** When it was asked for, in milliseconds. */
  readonly since: number;
  resolve(results: TextResult[]): void;
}

type Lane = 'quick' | 'slow';
type Place = 'first' | 'last';

const QUICK_BATCH = 100;
const SLOW_BATCH = 16;
/** A message that has waited so long for its template goes out with the default. */
const WAIT_MAX_MS = 5_000;
/** Without any of these there is nothing in a template to render. */
const TAG = /\{[{%#]|#\}/;

/**
 * What waits to be rendered. Jobs of templates that are known to be quick go in the order in which they came; the others
 * template by template in turn, so that nobody waits behind all that another asks for.
 */
export class RenderQueue {
  readonly #reputation: Reputation;
  readonly #now: () => number;
  readonly #quick: Job[] = [];
  /** By the template that is not known to be quick. */
  readonly #slow = new Map<string, Job[]>();
  #lastLane: Lane = 'slow';

  constructor(reputation: Reputation, now: () => number) {
    this.#reputation = reputation;
    this.#now = now;
  }

  get isEmpty(): boolean {
    return this.#quick.length === 0 && this.#slow.size === 0;
  }

  /** Answers a job that needs no rendering, or none any more; the others wait. */
  add(job: Job, place: Place = 'last'): void {
    if (this.#isAnswered(job)) return;
    const lane = this.#laneOf(job);
    if (place === 'first') lane.unshift(job);
    else lane.push(job);
  }

  /** What a thread does next: jobs of both lanes in turn, of the slow one only where that is asked for. */
  take(mayBeSlow: boolean): { lane: Lane; jobs: readonly Job[] } {
    const slow = mayBeSlow && this.#slow.size > 0;
    const lane = slow && (this.#quick.length === 0 || this.#lastLane === 'quick') ? 'slow' : 'quick';
    const jobs = lane === 'slow' ? this.#takeSlow() : this.#takeQuick();
    // Whatever stood in a lane may have gone from it, or to the other, on a second look.
    if (jobs.length === 0 && (this.#quick.length > 0 || (mayBeSlow && this.#slow.size > 0)))
      return this.take(mayBeSlow);
    this.#lastLane = lane;
    return { lane, jobs };
  }

  /** Answers those of a batch that are done; the others are next. */
  giveBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) this.add(job, 'first');
  }

  #takeQuick(): Job[] {
    const batch: Job[] = [];
    for (const job of this.#quick.splice(0, QUICK_BATCH)) {
      if (this.#isAnswered(job)) continue;
      const lane = this.#laneOf(job);
      if (lane === this.#quick) batch.push(job);
      else lane.push(job);
    }
    return batch;
  }

  #takeSlow(): Job[] {
    const batch: Job[] = [];
    for (const [source, waiting] of [...this.#slow].slice(0, SLOW_BATCH)) {
      this.#slow.delete(source);
      const [first, ...rest] = waiting;
      if (first === undefined || this.#isKnownByNow(source) || this.#waitedTooLong(first)) {
        for (const job of waiting) this.add(job);
        continue;
      }
      batch.push(first);
      if (rest.length > 0) this.#slow.set(source, rest);
    }
    return batch;
  }

  #isKnownByNow(source: string): boolean {
    return this.#reputation.isQuick(source) || this.#reputation.banOf(source) !== undefined;
  }

  #isAnswered({ texts, resolve }: Job): boolean {
    const results: TextResult[] = [];
    for (const text of texts) {
      text.result ??= this.#withoutRendering(text.source);
      if (text.result) results.push(text.result);
    }
    if (results.length < texts.length) return false;
    resolve(results);
    return true;
  }

  #withoutRendering(source: string): TextResult | undefined {
    if (!TAG.test(source)) return { text: source };
    const error = this.#reputation.banOf(source);
    return error && { error };
  }

  #laneOf(job: Job): Job[] {
    const slow = job.texts.find((text) => text.result === undefined && !this.#reputation.isQuick(text.source));
    if (!slow) return this.#quick;
    const waiting = this.#slow.get(slow.source) ?? [];
    this.#slow.set(slow.source, waiting);
    return waiting;
  }

  #waitedTooLong(job: Job): boolean {
    if (this.#now() - job.since < WAIT_MAX_MS) return false;
    const error = new TemplateError(`the template waited ${WAIT_MAX_MS / 1_000} s behind others and was not rendered`);
    for (const text of job.texts) text.result ??= { error };
    return true;
  }
}
