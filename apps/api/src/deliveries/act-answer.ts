import type { FastifyRequest } from 'fastify';
import { CancelStopped, NoRoomForReplays, ReplayStopped } from '#libs/operations';
import { Problem, unavailable } from '../http/problem.js';
import { toProblem } from '../http/to-problem.js';

export const isGoneOf =
  ({ raw }: FastifyRequest) =>
  (): boolean =>
    raw.socket?.destroyed === true;

/** Whether a text can be the id of a delivery; otherwise no lookup is needed. */
export const isDeliveryId = (id: string): boolean => /^[\x21-\x7e]{1,200}$/.test(id);

export const noDelivery = (): Problem => new Problem(404, 'there is no delivery with this id');

/** Answer to a request for many deliveries. */
export function answerOf<T extends { skipped: number; because: object }>({ because, ...counts }: T, dryRun: boolean) {
  return { ...counts, skippedBecause: because, ...(dryRun && { dryRun: true }) };
}

/** Runs work that may stop in the middle; the problem then has the counts so far. */
export async function orStopped<T>(work: Promise<T>): Promise<T> {
  try {
    return await work;
  } catch (error) {
    if (error instanceof NoRoomForReplays) throw unavailable(error.message, error);
    if (!(error instanceof ReplayStopped || error instanceof CancelStopped)) throw error;
    const { cause } = error;
    const why = cause instanceof NoRoomForReplays ? unavailable(cause.message, cause) : toProblem(cause);
    if (!why) throw cause;
    const { because, ...counts } = error.tally;
    throw new Problem(why.status, `stopped in the middle: ${why.message}; send the request again to continue`, {
      facts: { ...counts, skippedBecause: because },
      headers: why.headers,
      cause,
    });
  }
}
