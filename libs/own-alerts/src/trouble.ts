import type { Level } from '#libs/contracts';

export type FiringLevel = Exclude<Level, 'recovered'>;

/** What an alert of Tocsin's own is about; what policies match it by, so it stays the same until the alert has recovered. */
export interface Subject {
  object: string;
  objectName: string;
  /** Whose policies take the alert. */
  team: string;
  labels: Readonly<Record<string, string>> & { readonly kind: 'endpoint' | 'log' | 'redis' };
}

/** Something of Tocsin itself that is not as it should be, as it is at this moment. */
export interface Trouble extends Subject {
  /** Undefined for too little to begin an alert with, and too much to end one. */
  level: FiringLevel | undefined;
  /** When it began, epoch milliseconds; without it, when it is first seen. */
  since?: number | undefined;
  /** It is told of when it has lasted so long. */
  graceMs: number;
  title: string;
  content: string;
  value?: number;
  unit?: string;
}

/** The team that owns what belongs to no team: Redis and the log are of no interest to tenants. */
export const PLATFORM_TEAM = 'default';
