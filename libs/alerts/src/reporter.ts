import { shortHash } from './short-hash.js';

/** The API key that reports alerts. Names of keys are unique within a team. */
export interface Reporter {
  /** The team whose policies take the key's events; null for all. */
  team: string | null;
  key: string;
}

/** The name of a reporter in Redis. */
export const reporterTag = ({ team, key }: Reporter): string => shortHash([team, key]);
