import type { Level } from './levels.js';

/** A push endpoint as the delivery side uses it: durations in milliseconds, secrets in clear, defaults filled in. */
export interface Endpoint {
  id: string;
  name: string;
  team: string;
  channel: string;
  enabled: boolean;
  config: Record<string, unknown>;
  levels: readonly Level[];
  pushPeriodMs: number;
  /** Most pushes of one episode; 0 means no limit. */
  maxPushes: number;
  pushOnEscalation: boolean;
  periodAcrossRecovery: boolean;
  rateLimit: { max: number; perMs: number } | null;
  expireAfterMs: number;
  /** What waits longer than this for its rate is told together, in digests; 0: never. */
  digestAfterMs: number;
  template: { title?: string; content?: string };
  /** The id of the endpoint of the same team that takes what ends dead here. */
  fallback: string | null;
  /** Why this process cannot read the endpoint's config; then nothing is promised and nothing ended in its name. */
  unreadable?: string;
  updatedAt: string;
}

/** What an event must satisfy to be taken: `policy`, `object`, `level` or a label name, to a value or `~regex`. */
export type Match = Record<string, string>;

export interface Policy {
  key: string;
  name: string;
  team: string;
  endpointIds: readonly string[];
  match: Match | null;
  enabled: boolean;
}

/**
 * A link from a policy to endpoints that has been taken away. Recoveries still follow it, to end what was pushed
 * while it stood; after the longest silent episode nothing can be left to end, and it is forgotten.
 */
export interface FormerLink {
  policyKey: string;
  team: string;
  match: Match | null;
  endpointIds: readonly string[];
}

export interface Settings {
  /** Grows with every change. */
  version: number;
  endpoints: ReadonlyMap<string, Endpoint>;
  policies: readonly Policy[];
  formerLinks: readonly FormerLink[];
}

/** Where a process gets its settings from; implemented by the persistence library, faked in tests. */
export interface SettingsSource {
  /** The settings known now; undefined while none were ever read. */
  current(): Settings | undefined;
  /**
   * Reads again if there is anything newer, joining a read under way only if it began after this call.
   * @throws when the database does not answer; what was known stays known.
   */
  refresh(): Promise<Settings>;
  /** Calls back after each change with what was known before and what is known now; returns how to stop. */
  onChange(listener: (now: Settings, before: Settings | undefined) => void): () => void;
}
