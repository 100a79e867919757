import { HttpException } from '@nestjs/common';
import { DatabaseAway, isContention, isDataError } from '#libs/persistence';
import { isRedisAway } from '#libs/redis';
import { InvalidSettings, SettingsConflict, SettingsForbidden, SettingsNotFound } from '#libs/settings';
import { BODY_TOO_LARGE } from './body-limit.js';
import { type EventRoute, unsupportedType } from './event-routes.js';
import { badRequest, Problem, unavailable } from './problem.js';

/** The problem that answers an error; undefined for an internal fault, which is answered only with its number. */
export function toProblem(error: unknown, route?: EventRoute): Problem | undefined {
  if (error instanceof Problem) return error;
  if (error instanceof InvalidSettings) return badRequest(error.errors);
  if (error instanceof SettingsForbidden) return new Problem(403, error.message);
  if (error instanceof SettingsNotFound) return new Problem(404, error.message);
  if (error instanceof SettingsConflict) return new Problem(409, error.message, { facts: error.facts });
  if (error instanceof HttpException) return fromHttpException(error, route);
  if (isAborted(error)) return new Problem(400, 'the connection ended before the request did', { cause: error });
  if (isFastifyError(error)) return new Problem(error.statusCode, error.message, { cause: error });
  if (error instanceof DatabaseAway) return unavailable('the database does not answer; try again later', error);
  if (isContention(error)) return unavailable('others change the same thing right now; try again', error, 1);
  if (isRedisAway(error)) return unavailable('Redis does not answer; try again later', error);
  // The schemas check first; a value that passes them and cannot be stored is still the sender's error.
  if (isDataError(error)) return new Problem(400, 'the request holds a value that cannot be stored', { cause: error });
  return undefined;
}

const DETAILS: Record<number, string> = {
  413: BODY_TOO_LARGE,
  414: 'the path is longer than is allowed',
};

function fromHttpException(error: HttpException, route: EventRoute | undefined): Problem {
  const status = error.getStatus();
  // The framework wraps what the parsers throw.
  if (error.cause instanceof Problem) return error.cause;
  if (status === 415) return unsupportedType(route, error);
  return new Problem(status, DETAILS[status] ?? error.message, { cause: error });
}

/** Whether the sender closed the connection during the body: there is no fault here, and nobody to answer. */
function isAborted(error: unknown): boolean {
  return (
    error instanceof Error && error.message === 'aborted' && (error as NodeJS.ErrnoException).code === 'ECONNRESET'
  );
}

function isFastifyError(error: unknown): error is Error & { statusCode: number } {
  if (!(error instanceof Error) || error.name !== 'FastifyError') return false;
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500;
}
