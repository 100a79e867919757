import { IntakeRefused, NoEvents, NothingAccepted, type RefusalReason, type Rejection, SenderGone } from '#libs/intake';
import { UnknownPayload } from '#libs/sources';
import type { FieldError } from '#libs/validation';
import { badRequest, Problem } from '../http/problem.js';

export const REFUSAL_STATUS: Readonly<Record<RefusalReason, 429 | 503>> = { 'over quota': 429, unavailable: 503 };

/** Errors in one answer, which must not grow with the request. */
const ERRORS_MAX = 100;

/**
 * The problem for a request whose events were not taken in; undefined if the error is a fault of Tocsin.
 *
 * @param place path of the events in the body: `['alerts']`, `[]` for an array, undefined if the body is one event
 */
export function intakeProblem(error: unknown, place: readonly string[] | undefined): Problem | undefined {
  if (error instanceof NoEvents || error instanceof UnknownPayload) return badRequest(error.errors);
  if (error instanceof SenderGone) return new Problem(408, error.message);
  if (error instanceof IntakeRefused) return refusal(error, REFUSAL_STATUS[error.reason]);
  if (!(error instanceof NothingAccepted)) return undefined;
  const { report, tooLarge } = error;
  const errors = rejectionErrors(report.rejected, place);
  if (!tooLarge) return badRequest(errors, place ? { rejected: report.rejected } : {});
  return new Problem(413, `${place ? 'every event' : 'the event'} ${errors[0]?.message ?? 'is too large'}`, { errors });
}

export function refusal({ message, retryAfterSeconds, cause }: IntakeRefused, status: 429 | 503): Problem {
  return new Problem(status, message, { headers: { 'retry-after': String(retryAfterSeconds) }, cause });
}

/** The errors of rejected events, by their paths in the body. */
export function rejectionErrors(rejected: readonly Rejection[], place: readonly string[] | undefined): FieldError[] {
  const errors = rejected.flatMap(({ index, errors: found }) =>
    found.map(({ path, message }) => ({
      path: place ? [...place, index, path].filter((part) => part !== '').join('.') : path,
      message,
    })),
  );
  return errors.slice(0, ERRORS_MAX);
}
