import { number, optionalNumber, row, text } from '#libs/redis';

/** A turn's job that a script asks its caller to add to the queue. */
export interface Wake {
  channel: string;
  /** The target's name inside its shard, `endpoint.target`. */
  target: string;
  job: number;
  /** The job of the sleeping turn that it replaces, which is of no use any more. */
  replaces: number | undefined;
}

/** A wake as scripts answer it. */
export const wake = row('wake', { channel: text, target: text, job: number, replaces: optionalNumber });
