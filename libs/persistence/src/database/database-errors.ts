/** Thrown when the database does not answer, or cannot answer now. A later retry is right; the cause has the details. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super(`the database does not answer: ${messageOf(cause)}`, { cause });
    this.name = 'DatabaseAway';
  }
}

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';
const UNIQUE_VIOLATION = '23505';
/** Codes of deadlocks and serialization failures: the same statements may succeed at once. */
const CONTENTION = new Set(['40001', '40P01']);
/**
 * Classes of codes for invalid values, violated constraints and server limits: the same data will fail again. A missing
 * table or column is not among them, since migrations run at the same time.
 */
const DATA_CLASSES = ['21', '22', '23', '42', '54'];
/** Messages of TypeORM and the driver for a connection that broke during a statement; these errors have no code. */
const BROKEN_CONNECTION =
  /connection terminated|connection ended|timeout exceeded when trying to connect|query read timeout|not queryable|not connected|connection is not established|client was closed|pool after calling end|already released|socket|server closed|terminating connection|driver not connected/i;

export function sqlState(error: unknown): string | undefined {
  const code = codeOf(error);
  return code !== undefined && /^[0-9A-Z]{5}$/.test(code) && !/^E[A-Z]{4}$/.test(code) ? code : undefined;
}

export function isDataError(error: unknown): boolean {
  const state = sqlState(error);
  if (state === undefined || state === UNDEFINED_TABLE || state === UNDEFINED_COLUMN) return false;
  return DATA_CLASSES.some((prefix) => state.startsWith(prefix));
}

export function isUniqueViolation(error: unknown, constraint?: string): boolean {
  if (sqlState(error) !== UNIQUE_VIOLATION) return false;
  return (
    constraint === undefined ||
    (error as { driverError?: { constraint?: string } }).driverError?.constraint === constraint
  );
}

export function isContention(error: unknown): boolean {
  return CONTENTION.has(sqlState(error) ?? '');
}

/** Whether an error means that the database is away, and not that the statement is wrong. */
export function isAway(error: unknown): boolean {
  if (error instanceof DatabaseAway) return true;
  if (!(error instanceof Error)) return false;
  if (sqlState(error) !== undefined) return !isDataError(error) && !isContention(error);
  const code = codeOf(error);
  if (code !== undefined && /^E[A-Z0-9_]+$/.test(code) && !code.startsWith('ERR_')) return true;
  return BROKEN_CONNECTION.test(error.message);
}

function codeOf(error: unknown): string | undefined {
  const direct = (error as { code?: unknown })?.code;
  if (typeof direct === 'string') return direct;
  const driver = (error as { driverError?: { code?: unknown } })?.driverError?.code;
  if (typeof driver === 'string') return driver;
  // Several addresses failed: Node combines their errors.
  const first = (error as { errors?: unknown[] })?.errors?.[0];
  return first === undefined ? undefined : codeOf(first);
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || codeOf(cause) || cause.name;
}
