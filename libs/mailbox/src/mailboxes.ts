import type { RedisClient } from '#libs/redis';
import { type CancelRules, cancel } from './scripts/cancel.js';
import { endTurn, type TurnEnd } from './scripts/end-turn.js';
import { type OverdueTurns, overdueTurns } from './scripts/overdue-turns.js';
import { type RunningAttempt, renewLeases } from './scripts/renew-leases.js';
import { type Replay, type ReplayAnswer, type ReplayRules, replay } from './scripts/replay.js';
import { resume } from './scripts/resume.js';
import { reviveTurn } from './scripts/revive-turn.js';
import { type Settlement, type SettleResult, settle } from './scripts/settle.js';
import { sleepingTurns } from './scripts/sleeping-turns.js';
import { type TakeCall, type TakeResult, take } from './scripts/take.js';
import type { MailboxContext, MailboxOptions } from './shard/mailbox-context.js';
import type { EndpointRules, TargetRef } from './shard/target-ref.js';
import type { Wake } from './shard/wake.js';

/** The mailboxes of all targets. Each call is one script, or a round of them through all shards. */
export interface Mailboxes {
  /** Takes deliveries for a turn; undefined when the turn is not, or no longer, that of the job. */
  take(ref: TargetRef, call: TakeCall, rules: EndpointRules): Promise<TakeResult | undefined>;
  /** Renews the in-flight leases of running attempts; returns the ids of those that still have one. */
  renewLeases(ref: TargetRef, attempts: readonly RunningAttempt[]): Promise<string[]>;
  settle(ref: TargetRef, settlements: readonly Settlement[], rules: EndpointRules): Promise<SettleResult>;
  /** Ends the turn. @returns the next turn to enqueue, if one follows */
  endTurn(ref: TargetRef, job: number, end: TurnEnd): Promise<{ job: number; delayMs: number } | undefined>;
  /** Overdue turns of some channels. */
  overdueTurns(channels: readonly string[]): Promise<OverdueTurns>;
  /** Replaces a turn whose job is lost. */
  revive(ref: TargetRef, job: number): Promise<Wake[]>;
  /** Sleeping turns, with the version of the settings under which they fell asleep. */
  sleepingTurns(): Promise<(TargetRef & { seen: string })[]>;
  /** Resumes a target whose settings have changed: retries no longer wait, and a sleeping turn looks again. */
  resume(ref: TargetRef): Promise<Wake[]>;
  /** Cancels waiting deliveries, and none in flight. */
  cancel(ref: TargetRef, ids: readonly string[], rules: CancelRules): Promise<{ wakes: Wake[]; cancelled: string[] }>;
  /** Sends ended deliveries again. */
  replay(
    ref: TargetRef,
    items: readonly Replay[],
    rules: ReplayRules,
  ): Promise<{ wakes: Wake[]; answers: ReplayAnswer[] }>;
}

export function createMailboxes(redis: RedisClient, options: MailboxOptions = {}): Mailboxes {
  const context: MailboxContext = { redis, ...options };
  return {
    take: (ref, call, rules) => take(context, ref, call, rules),
    renewLeases: (ref, attempts) => renewLeases(context, ref, attempts),
    settle: (ref, settlements, rules) => settle(context, ref, settlements, rules),
    endTurn: (ref, job, end) => endTurn(context, ref, job, end),
    overdueTurns: (channels) => overdueTurns(context, channels),
    revive: (ref, job) => reviveTurn(context, ref, job),
    sleepingTurns: () => sleepingTurns(context),
    resume: (ref) => resume(context, ref),
    cancel: (ref, ids, rules) => cancel(context, ref, ids, rules),
    replay: (ref, items, rules) => replay(context, ref, items, rules),
  };
}
