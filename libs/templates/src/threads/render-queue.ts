import type { Escaping, TemplateVariables } from '#libs/contracts';
import { TemplateError } from '../language/template-error.js';
import type { Reputation, Repute } from './reputation.js';
import { RoundRobin } from './round-robin.js';

export type TextResult = { text: string } | { error: TemplateError };

export interface Text {
  readonly source: string;
  /** Team and template: a ban for what one team's events do to a template does not affect other teams. */
  readonly owned: string;
  readonly escaping?: Escaping | undefined;
  result?: TextResult;
}

/** The texts of one message. */
export interface Job {
  readonly texts: readonly Text[];
  readonly variables: TemplateVariables;
  /** Time of the request, in milliseconds. */
  readonly since: number;
  resolve(results: TextResult[]): void;
}

/** Size of a batch. A template that is not quick gets one message a batch, so that others do not wait for it. */
const BATCH: Readonly<Record<Repute, { max: number; rounds: number }>> = {
  quick: { max: 100, rounds: 100 },
  slow: { max: 16, rounds: 1 },
  unknown: { max: 16, rounds: 1 },
};
/** Longest wait for a template, in milliseconds; after it the message is sent with the default template. */
const WAIT_MAX_MS = 5_000;
/** A template without any of these has nothing to render. */
const TAG = /\{[{%#]|#\}/;

/** Messages that wait to be rendered: one line for each repute, and in each line the templates in turn. */
export class RenderQueue {
  readonly #reputation: Reputation;
  readonly #now: () => number;
  readonly #lines: Readonly<Record<Repute, RoundRobin<Job>>> = {
    quick: new RoundRobin(),
    slow: new RoundRobin(),
    unknown: new RoundRobin(),
  };
  /** Lines in the order in which they are served next. */
  #order: readonly Repute[] = ['quick', 'slow', 'unknown'];

  constructor(reputation: Reputation, now: () => number) {
    this.#reputation = reputation;
    this.#now = now;
  }

  /** Resolves a job that needs no rendering (any more); other jobs wait. */
  add(job: Job, position: 'first' | 'last' = 'last'): void {
    if (this.#isAnswered(job)) return;
    const { line, key } = this.#lineOf(job);
    this.#lines[line].add(key, job, position);
  }

  /** Returns the next batch of the allowed lines, which take turns. */
  take(allowed: (line: Repute) => boolean): { line: Repute; jobs: readonly Job[] } | undefined {
    for (;;) {
      const line = this.#order.find((one) => allowed(one) && !this.#lines[one].isEmpty);
      if (!line) return undefined;
      this.#order = [...this.#order.filter((one) => one !== line), line];
      const jobs = this.#takeOf(line);
      if (jobs.length > 0) return { line, jobs };
    }
  }

  /** Resolves the rendered jobs of a batch; the others are next. */
  putBack(jobs: readonly Job[]): void {
    for (const job of jobs.toReversed()) this.add(job, 'first');
  }

  /** Since it was queued, a job may have been resolved, or its template may belong into another line. */
  #takeOf(line: Repute): Job[] {
    const { max, rounds } = BATCH[line];
    const batch: Job[] = [];
    for (const { key, item: job } of this.#lines[line].take(max, rounds)) {
      this.#expire(job);
      if (this.#isAnswered(job)) continue;
      if (this.#lineOf(job).line === line) batch.push(job);
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

  /** A job waits for the slowest of its templates; among equals, for the longest. */
  #lineOf(job: Job): { line: Repute; key: string } {
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

  #expire(job: Job): void {
    if (this.#now() - job.since < WAIT_MAX_MS) return;
    const error = new TemplateError(`the template waited ${WAIT_MAX_MS / 1_000} s behind others and was not rendered`);
    for (const text of job.texts) text.result ??= { error };
  }
}

const SEVERITY: Readonly<Record<Repute, number>> = { quick: 0, slow: 1, unknown: 2 };
