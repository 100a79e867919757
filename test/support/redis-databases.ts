/** Spec files that run at once have databases of their own, whatever numbers they name. */
export const DATABASES_EACH = 16;
export const WORKERS_MAX = 16;

/** @param worker as vitest counts them, from 1 */
export const databaseOf = (worker: number, database: number): number =>
  (worker % (WORKERS_MAX + 1)) * DATABASES_EACH + database;
