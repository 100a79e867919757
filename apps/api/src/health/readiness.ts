import type { FieldError } from '#libs/validation';
import { sharedResult } from './shared-result.js';

const CHECK_MS_MAX = 2_000;
/** Shortest time between two runs of the checks, in milliseconds. */
const CHECKS_EVERY_MS = 100;

/** A check of one dependency of this process. */
export interface ReadinessCheck {
  readonly name: string;
  /** Reports a failure as `degraded`; the process stays in service. */
  readonly optional?: boolean;
  /** The reason why the dependency is not available; undefined if it is. */
  check(): Promise<string | undefined>;
}

export interface ReadinessReport {
  readonly missing: FieldError[];
  readonly degraded: FieldError[];
}

/**
 * The readiness of the process. Checks run at the same time, ten times a second at most; one that does not end within
 * two seconds has failed.
 */
export class Readiness {
  /** The report, shared by all callers of a tenth of a second. */
  readonly report: () => Promise<ReadinessReport>;

  constructor(
    private readonly checks: readonly ReadinessCheck[],
    now: () => number = () => performance.now(),
  ) {
    this.report = sharedResult(() => this.runChecks(), { everyMs: CHECKS_EVERY_MS, now });
  }

  private async runChecks(): Promise<ReadinessReport> {
    const results = await Promise.all(
      this.checks.map(async ({ name, optional = false, check }) => ({
        name,
        optional,
        reason: await failureOf(check),
      })),
    );
    const failed = (optional: boolean): FieldError[] =>
      results.flatMap(({ name, reason, ...result }) =>
        reason !== undefined && result.optional === optional ? [{ path: name, message: reason }] : [],
      );
    return { missing: failed(false), degraded: failed(true) };
  }
}

async function failureOf(check: ReadinessCheck['check']): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<string>((settle) => {
    timer = setTimeout(() => settle('does not answer'), CHECK_MS_MAX);
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    clearTimeout(timer);
  }
}
