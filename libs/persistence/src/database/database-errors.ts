/** The database did not answer, or cannot answer now. A later attempt may succeed; `cause` has the original error. */
export class DatabaseAway extends Error {
  constructor(cause: unknown) {
    super(`the database does not answer: ${messageOf(cause)}`, { cause });
    this.name = 'DatabaseAway';
  }
}

const UNDEFINED_TABLE = '42P01';
const UNDEFINED_COLUMN = '42703';
const UNIQUE_VIOLATION = '23505';
/** Deadlock and serialization failure: the same statements may succeed at once. */
const CONTENTION = new Set(['40001', '40P01']);
/**
 * Bad values, violated constraints and limits of the server: the same data fails again. A missing table or column is not
 * among them, since a migration may be running.
 */
const DATA_CLASSES = ['21', '22', '23', '42', '54'];
/** Messages of TypeORM and the driver for a connection that broke during a statement; they carry no code. */
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

/** Whether an error means that the database does not answer, rather than that it refused the statement. */
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
  // If all of several addresses fail, Node returns their errors together.
  const first = (error as { errors?: unknown[] })?.errors?.[0];
  return first === undefined ? undefined : codeOf(first);
}

function messageOf(cause: unknown): string {
  if (!(cause instanceof Error)) return String(cause);
  return cause.message || codeOf(cause) || cause.name;
}
