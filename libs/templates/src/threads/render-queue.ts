import type { Escaping, TemplateVariables } from '#libs/contracts';
import { TemplateError } from '../language/template-error.js';
import type { Reputation, Repute } from './reputation.js';
import { Turns } from './round-robin.js';

export type TextResult = { text: string } | { error: TemplateError };

export interface Text {
  readonly source: string;
  /** The template as its team's: what one team's events make of a template is held against no other team that has the same. */
  readonly owned: string;
  readonly escaping?: Escaping | undefined;
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

/** How much a thread gets at a time. Of a template that is not quick it gets one message, lest all the rest wait for it. */
const BATCH: Readonly<Record<Repute, { max: number; rounds: number }>> = {
  quick: { max: 100, rounds: 100 },
  slow: { max: 16, rounds: 1 },
  unknown: { max: 16, rounds: 1 },
};
/** A message that has waited so long for its template goes out with the default. */
const WAIT_MAX_MS = 5_000;
/** Without any of these there is nothing in a template to render. */
const TAG = /\{[{%#]|#\}/;

/** What waits to be rendered: a line for each repute, and in each line template by template in turn. */
export class RenderQueue {
  readonly #reputation: Reputation;
  readonly #now: () => number;
  readonly #lines: Readonly<Record<Repute, Turns<Job>>> = {
    quick: new Turns(),
    slow: new Turns(),
    unknown: new Turns(),
  };
  /** Which line is next, from the first. */
  #order: readonly Repute[] = ['quick', 'slow', 'unknown'];

  constructor(reputation: Reputation, now: () => number) {
    this.#reputation = reputation;
    this.#now = now;
  }

  /** Answers a job that needs no rendering, or none any more; the others wait. */
  add(job: Job, place: 'first' | 'last' = 'last'): void {
    if (this.#isAnswered(job)) return;
    const { line, key } = this.#placeOf(job);
    this.#lines[line].add(key, job, place);
  }

  /** What a thread does next, of the lines that are allowed, in turn. */
  take(allowed: (line: Repute) => boolean): { line: Repute; jobs: readonly Job[] } | undefined {
    for (;;) {
      const line = this.#order.find((one) => allowed(one) && !this.#lines[one].isEmpty);
      if (!line) return undefined;
      this.#order = [...this.#order.filter((one) => one !== line), line];
      const jobs = this.#takeOf(line);
      if (jobs.length > 0) return { line, jobs };
    }
  }

  /** Answers those of a batch that are done; the others are next. */
  giveBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) this.add(job, 'first');
  }

  /** On a second look some may have an answer by now, or belong into another line with all that waits behind them. */
  #takeOf(line: Repute): Job[] {
    const { max, rounds } = BATCH[line];
    const batch: Job[] = [];
    for (const { key, item: job } of this.#lines[line].take(max, rounds)) {
      this.#giveUpOn(job);
      if (this.#isAnswered(job)) continue;
      if (this.#placeOf(job).line === line) batch.push(job);
      else for (const moved of [job, ...this.#lines[line].takeAll(key)]) this.add(moved);
    }
    return batch;
  }

  #isAnswered({ texts, resolve }: Job): boolean {
    const results: TextResult[] = [];
    for (const text of texts) {
      text.result ??= this.#withoutRendering(text);
      if (text.result) results.push(text.result);
    }
    if (results.length < texts.length) return false;
    resolve(results);
    return true;
  }

  #withoutRendering({ source, owned }: Text): TextResult | undefined {
    if (!TAG.test(source)) return { text: source };
    const error = this.#reputation.banOf(owned);
    return error && { error };
  }

  /** A job waits for the worst of its templates, or the longest where they are alike. */
  #placeOf(job: Job): { line: Repute; key: string } {
    let line: Repute = 'quick';
    let key = '';
    for (const { owned, result } of job.texts) {
      if (result) continue;
      const repute = this.#reputation.of(owned);
      const difference = SEVERITY[repute] - SEVERITY[line];
      if (difference > 0 || (difference === 0 && owned.length > key.length)) key = owned;
      if (difference > 0) line = repute;
    }
    return { line, key };
  }

  #giveUpOn(job: Job): void {
    if (this.#now() - job.since < WAIT_MAX_MS) return;
    const error = new TemplateError(`the template waited ${WAIT_MAX_MS / 1_000} s behind others and was not rendered`);
    for (const text of job.texts) text.result ??= { error };
  }
}

const SEVERITY: Readonly<Record<Repute, number>> = { quick: 0, slow: 1, unknown: 2 };
