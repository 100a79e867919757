import { LEVELS, type Level } from '../../kit/LevelBadge.js';

export const STATUSES = ['waiting', 'retrying', 'delivered', 'dead', 'cancelled'] as const;
export type Status = (typeof STATUSES)[number];

/** Filters of the list, as they stand in the address. */
export interface Filters {
  status?: Status;
  level?: Level;
  endpoint?: string;
  policy?: string;
  object?: string;
  cursor?: string;
  /** The delivery whose detail is open. */
  id?: string;
}

const TEXTS = ['endpoint', 'policy', 'object', 'cursor', 'id'] as const;

/** Reads filters from the address; unknown ones are left out. */
export function filtersOf(search: Record<string, unknown>): Filters {
  const filters: Filters = {};
  const { status, level } = search;
  if (STATUSES.includes(status as Status)) filters.status = status as Status;
  if (LEVELS.includes(level as Level)) filters.level = level as Level;
  for (const name of TEXTS) {
    const value = search[name];
    if (value !== undefined && value !== '') filters[name] = String(value);
  }
  return filters;
}
