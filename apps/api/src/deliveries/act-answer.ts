import type { FastifyRequest } from 'fastify';
import { CancelStopped, NoRoomForReplays, ReplayStopped } from '#libs/operations';
import { Problem, unavailable } from '../http/problem.js';
import { toProblem } from '../http/to-problem.js';

export const isGoneOf =
  ({ raw }: FastifyRequest) =>
  (): boolean =>
    raw.socket?.destroyed === true;

/** An id as deliveries have them; anything else is none, and need not be looked for. */
export const isDeliveryId = (id: string): boolean => /^[\x21-\x7e]{1,200}$/.test(id);

export const noDelivery = (): Problem => new Problem(404, 'there is no delivery with this id');

/** The answer to who asks for many. */
export function answerOf<T extends { skipped: number; because: object }>({ because, ...counts }: T, dryRun: boolean) {
  return { ...counts, skippedBecause: because, ...(dryRun && { dryRun: true }) };
}

/** Runs what may stop in the middle; whoever asked is told what was done until then. */
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
    throw new Problem(why.status, `stopped in the middle, since ${why.message}; asked again, it goes on from there`, {
      facts: { ...counts, skippedBecause: because },
      headers: why.headers,
      cause,
    });
  }
}
