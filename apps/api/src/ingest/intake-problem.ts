import { UnknownPayload } from '#libs/sources';
import type { FieldError } from '#libs/validation';
import { badRequest, Problem } from '../http/problem.js';
import { NoBatch } from './body-events.js';
import { IntakeRefused, NothingAccepted, SenderGone } from './intake.js';
import type { Rejection } from './intake-report.js';

/** An answer must not grow with what was sent. */
const ERRORS_MAX = 100;

/**
 * What a sender is told when its request was not taken; undefined for a fault of ours.
 *
 * @param place where the events of the body stand: `['alerts']`, `[]` for an array, undefined where the body is one event
 */
export function intakeProblem(error: unknown, place: readonly string[] | undefined): Problem | undefined {
  if (error instanceof NoBatch || error instanceof UnknownPayload) return badRequest(error.errors);
  if (error instanceof SenderGone) return new Problem(408, error.message);
  if (error instanceof IntakeRefused) {
    const headers = { 'retry-after': String(error.retryAfterSeconds) };
    return new Problem(error.status, error.message, { headers, cause: error.cause });
  }
  if (!(error instanceof NothingAccepted)) return undefined;
  const { report, tooLarge } = error;
  const errors = rejectionErrors(report.rejected, place);
  if (!tooLarge) return badRequest(errors, place ? { rejected: report.rejected } : {});
  return new Problem(413, `${place ? 'every event' : 'the event'} ${errors[0]?.message ?? 'is too large'}`, { errors });
}

/** What is wrong with rejected events, by their places in the body. */
export function rejectionErrors(rejected: readonly Rejection[], place: readonly string[] | undefined): FieldError[] {
  const errors = rejected.flatMap(({ index, errors: found }) =>
    found.map(({ path, message }) => ({
      path: place ? [...place, index, path].filter((part) => part !== '').join('.') : path,
      message,
    })),
  );
  return errors.slice(0, ERRORS_MAX);
}
