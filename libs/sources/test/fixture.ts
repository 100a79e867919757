import { readFileSync } from 'node:fs';

/** A request of a foreign sender. */
export interface Fixture {
  /** The program and version that was recorded, or the source after which the request was written. */
  recorded?: string;
  written?: string;
  method: string;
  path: string;
  headers: Record<string, string>;
  body: never;
}

/**
 * A recorded request of a source, by `<source>/<name>`. Those of Prometheus, Alertmanager and CloudEvents were recorded by
 * `scripts/record-*.mjs`; those of Grafana and KubeSphere were written by hand after their sources, and say so.
 */
export function fixture(path: string): Fixture {
  const [source, name] = path.split('/');
  return JSON.parse(readFileSync(new URL(`../src/${source}/fixtures/${name}.json`, import.meta.url), 'utf8'));
}
