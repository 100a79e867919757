/** A turn's job that a script asks its caller to add to the queue. */
export interface Wake {
  channel: string;
  /** The target's name inside its shard, `endpoint.target`. */
  target: string;
  job: number;
  /** The sleeping turn's job that it replaces: of no use any more. */
  replaces: number | undefined;
}

/** Wakes as the scripts answer them. */
export type WakeReply = [channel: string, target: string, job: number, replaces: number];

export const parseWakes = (replies: readonly WakeReply[]): Wake[] =>
  replies.map(([channel, target, job, replaces]) => ({ channel, target, job, replaces: replaces || undefined }));
