import { readFileSync } from 'node:fs';

/** A request as a foreign sender makes it. */
export interface Fixture {
  /** The program and version that was recorded, or after what source the request was written. */
  recorded?: string;
  written?: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: never;
}

/**
 * One of `fixtures/`: those of Prometheus and Alertmanager were recorded by `scripts/record-fixtures.mjs`; those of
 * Grafana and KubeSphere were written by hand after their sources, and say so.
 */
export const fixture = (name: string): Fixture =>
  JSON.parse(readFileSync(new URL(`./fixtures/${name}.json`, import.meta.url), 'utf8'));
