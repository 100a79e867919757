/** What a script asks its caller to do in a queue: a turn's job is to be added, or the sleeping one promoted. */
export interface Wake {
  action: 'add' | 'promote';
  channel: string;
  /** The target's name inside its shard, `endpoint.target`. */
  target: string;
  job: number;
}

/** Wakes as the scripts answer them. */
export type WakeReply = [action: 'add' | 'promote', channel: string, target: string, job: number];

export const parseWakes = (replies: readonly WakeReply[]): Wake[] =>
  replies.map(([action, channel, target, job]) => ({ action, channel, target, job }));
