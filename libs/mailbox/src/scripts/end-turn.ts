import { flag, number, numeral, optional, optionalNumber, row, text, word } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import type { TargetRef } from '../shard/target-ref.js';
import type { SettingsState, WaitReason } from '../shard/words.js';

const END_TURN = defineMailboxScript({
  name: 'end-turn',
  file: new URL('./end-turn.lua', import.meta.url),
  whenFull: true,
  args: {
    prefix: text,
    now: optionalNumber,
    channel: text,
    target: text,
    job: numeral,
    seen: text,
    settings: word<SettingsState>(),
    waitMs: number,
    why: word<WaitReason>(),
    expireAfterMs: number,
    fallback: text,
    open: flag,
  },
  answer: optional(row('next', { job: number, delayMs: number })),
});

/** How a turn ends. */
export interface TurnEnd {
  /** The version of the settings that it used. */
  seen: string;
  settings: SettingsState;
  /** How long the next turn waits although something is ready, and why: its rate, or no slot in this worker. */
  waitMs?: number;
  why?: 'rate' | 'slots';
  expireAfterMs: number;
  /** The endpoint that takes over dead deliveries; empty for none. */
  fallback: string;
  /** False: the deliveries are cancelled, so nothing holds them back. */
  open: boolean;
}

/** Ends a turn. @returns the next turn to enqueue, if one follows */
export function endTurn(
  { redis, now }: MailboxContext,
  { channel, target }: TargetRef,
  job: number,
  { seen, settings, waitMs = 0, why = 'rate', expireAfterMs, fallback, open }: TurnEnd,
): Promise<{ job: number; delayMs: number } | undefined> {
  return runInShard(redis, END_TURN, shardOfTarget(target), {
    now: now?.(),
    channel,
    target,
    job,
    seen,
    settings,
    waitMs,
    why,
    expireAfterMs,
    fallback,
    open,
  });
}
