import type { Level } from '#libs/contracts';

export type FiringLevel = Exclude<Level, 'recovered'>;

/** The subject of one of Tocsin's own alerts. Policies match it, so it stays the same until the alert has recovered. */
export interface Subject {
  object: string;
  objectName: string;
  /** The team whose policies take the alert. */
  team: string;
  labels: Readonly<Record<string, string>> & { readonly kind: 'endpoint' | 'log' | 'redis' | 'disk' };
}

/** A part of Tocsin that is in trouble at this moment. */
export interface Trouble extends Subject {
  /** Undefined for a trouble between its bounds: too small to fire an alert, too large to end one. */
  level: FiringLevel | undefined;
  /** When it began, epoch milliseconds; if absent, when it is first seen. */
  since?: number | undefined;
  /** An alert fires when the trouble has lasted for this time. */
  graceMs: number;
  title: string;
  content: string;
  value?: number;
  unit?: string;
}

/** The team for subjects without a team: Redis and the log are of no interest to tenants. */
export const PLATFORM_TEAM = 'default';
