import { z } from 'zod';

/** What a turn did, kept as the job's result for the queue board. */
export interface TurnResult {
  taken: number;
  delivered: number;
  retried: number;
  dead: number;
  cancelled: number;
  /** Still being sent when the turn's time was up. */
  inFlight: number;
  /** Ids of what died, the first of them. */
  died: string[];
  /** The provider's words about the last of them. */
  words?: string;
  note?: string;
}

/** What came of a failed turn's job that was called for again: what had died in it was replayed. */
export interface RetryResult {
  replayed: number;
  skipped: number;
  note: string;
}

/** So many of a turn's dead are named, and replayed when its job is called for again. */
export const DIED_NAMED_MAX = 100;

/** What a turn did where a delivery died in it; nothing waits for it any more. */
const deadTurnSchema = z.object({ dead: z.number(), died: z.array(z.string()), words: z.string().optional() }).loose();

/**
 * A BullMQ job is a turn at one target; what is to be delivered there is in the target's mailbox. A turn that is over
 * and has failed tells what it `did`.
 */
export const turnSchema = z.object({ endpointId: z.string(), targetId: z.string(), did: deadTurnSchema.optional() });
export type Turn = z.infer<typeof turnSchema>;

/** The queue of a channel. */
export const queueName = (channel: string): string => `deliver-${channel}`;

/** A hash tag a queue, so that on Redis Cluster each queue has one slot and the queues spread. */
export const queuePrefix = (channel: string): string => `{tocsin-${channel}}`;
