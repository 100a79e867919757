import { z } from 'zod';

/** A BullMQ job is a turn at one target; what is to be delivered there is in the target's mailbox. */
export const turnSchema = z.object({ endpointId: z.string(), targetId: z.string() });
export type Turn = z.infer<typeof turnSchema>;

/** What a turn did, kept as the job's result for the queue board. */
export interface TurnResult {
  taken: number;
  delivered: number;
  retried: number;
  dead: number;
  cancelled: number;
  /** Still being sent when the turn's time was up. */
  inFlight: number;
  /** Ids of what died, the first hundred. */
  died: string[];
  /** The provider's words about the last of them. */
  words?: string;
  note?: string;
}

/** The queue of a channel. */
export const queueName = (channel: string): string => `deliver-${channel}`;

/** A hash tag a queue, so that on Redis Cluster each queue has one slot and the queues spread. */
export const queuePrefix = (channel: string): string => `{tocsin-${channel}}`;
