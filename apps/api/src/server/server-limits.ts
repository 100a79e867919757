const KIB = 1024;
const HEALTH_RESERVE = 32;
/** Open files besides connections: Redis, PostgreSQL, the console's files, modules. */
const OTHER_FILES = 256;
const CONNECTIONS_MAX = 8_192;
const CONNECTIONS_MIN = 128;

/**
 * Connections that the kernel keeps until the process accepts them. By Node's default of 511, a client that opens 2,000 at
 * once makes it drop those of others, who try again after one, three and seven seconds.
 */
export const BACKLOG = 4_096;

/** Bounds on clients of this process. */
export interface ServerLimits {
  /** Most connections. Beyond it the oldest one that has shown no valid key is closed. */
  connections: number;
  /** Connections out of these that are kept for clients without a key, such as health checks. */
  reserve: number;
  /** Most requests in flight on one connection, before it has shown a valid key and after. */
  inFlight: { withoutKey: number; withKey: number };
  /** Most bytes of answers that wait for the client to read, on one connection. */
  unreadBytes: number;
  /** Time limit of an answer that the client does not read, in milliseconds. */
  unreadMs: number;
  /** Time limit of the headers of a request, in milliseconds. */
  headersMs: number;
  /** Interval at which the limits of headers are checked, in milliseconds. */
  checkMs: number;
  /** Time limit of an idle connection, in milliseconds; a stream of events may pause for as long. */
  idleMs: number;
  /** Time that a body may take besides the time that its least rate gives it, in milliseconds. */
  bodyMs: number;
}

/** The limits of a process that may open this many files. */
export function serverLimits(openFiles = openFilesMax()): ServerLimits {
  const connections = Math.min(CONNECTIONS_MAX, Math.floor((openFiles - OTHER_FILES) / 2));
  return {
    connections: Math.max(CONNECTIONS_MIN, connections),
    reserve: HEALTH_RESERVE,
    inFlight: { withoutKey: 8, withKey: 64 },
    unreadBytes: 256 * KIB,
    unreadMs: 15_000,
    headersMs: 20_000,
    checkMs: 2_000,
    idleMs: 120_000,
    bodyMs: 20_000,
  };
}

/** The soft limit of the process on open files, which Node raises to the hard one at start. */
function openFilesMax(): number {
  const report = process.report as typeof process.report & { excludeNetwork: boolean };
  // Names of the peers of open connections would be looked up.
  report.excludeNetwork = true;
  const { userLimits } = report.getReport() as { userLimits?: { open_files?: { soft: number | string } } };
  const soft = userLimits?.open_files?.soft;
  return soft === 'unlimited' ? Number.POSITIVE_INFINITY : Number(soft ?? 1_024);
}
