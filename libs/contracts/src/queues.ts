import { z } from 'zod';

/** Result of a turn; the queue board shows it as the result of the job. */
export interface TurnResult {
  taken: number;
  delivered: number;
  retried: number;
  dead: number;
  cancelled: number;
  /** Deliveries still in flight at the end of the turn. */
  inFlight: number;
  /** Ids of the first DIED_NAMED_MAX deliveries that ended dead. */
  died: string[];
  /** The provider's message about the last of them. */
  words?: string;
  note?: string;
}

/** Result of retrying the job of a failed turn, which replays the dead deliveries of that turn. */
export interface RetryResult {
  replayed: number;
  skipped: number;
  note: string;
}

/** Most dead deliveries that a turn names; retrying its job replays these. */
export const DIED_NAMED_MAX = 100;

/** Result of a turn in which deliveries ended dead. */
const deadTurnSchema = z.object({ dead: z.number(), died: z.array(z.string()), words: z.string().optional() }).loose();

/**
 * Data of a BullMQ job: a turn at one target, whose mailbox holds the deliveries. `did` is the result of a turn that has
 * ended and failed.
 */
export const turnSchema = z.object({ endpointId: z.string(), targetId: z.string(), did: deadTurnSchema.optional() });
export type Turn = z.infer<typeof turnSchema>;

/** Name of a channel's queue. */
export const queueName = (channel: string): string => `deliver-${channel}`;

/** One hash tag a queue: on a Redis Cluster each queue has one slot, and the queues are spread over the nodes. */
export const queuePrefix = (channel: string): string => `{tocsin-${channel}}`;
