import type { Level } from './levels.js';

/** A push endpoint of the settings snapshot: durations in milliseconds, secrets decrypted, defaults applied. */
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
  /** Deliveries that would wait longer than this for the rate limit are sent as digests; 0: never. */
  digestAfterMs: number;
  template: { title?: string; content?: string };
  /** Id of the endpoint of the same team that takes over deliveries that end dead here. */
  fallback: string | null;
  /** Reason why this process cannot read the config; it then accepts no events for the endpoint and ends no deliveries. */
  unreadable?: string;
  updatedAt: string;
}

/** Conditions on an event: `policy`, `object`, `level` or a label name, with a value or `~regex`. */
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
 * A removed link from a policy to endpoints. Recoveries still follow it, to end episodes that were pushed through it; it
 * is deleted when the longest episode without events has ended.
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

/** Source of a process's settings; tests replace it. */
export interface SettingsSource {
  /** The present snapshot; undefined until settings have been read once. */
  current(): Settings | undefined;
  /**
   * Loads newer settings if there are any. It joins a running load only if that began after this call.
   * @throws when the database does not answer; the present snapshot stays.
   */
  refresh(): Promise<Settings>;
  /** Calls the listener after each change with the new and the previous snapshot; returns a function that removes it. */
  onChange(listener: (now: Settings, before: Settings | undefined) => void): () => void;
}
