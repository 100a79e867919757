/** Gives spec files that run at once different databases, also if they use the same numbers. */
export const DATABASES_EACH = 16;
export const WORKERS_MAX = 16;

/** @param worker number of the vitest worker, from 1 */
export const databaseOf = (worker: number, database: number): number =>
  (worker % (WORKERS_MAX + 1)) * DATABASES_EACH + database;
