import type { Attempt } from '#libs/contracts';
import { flag, list, number, optionalNumber, optionalNumeral, optionalText, row, text, word } from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import { type Capacity, type EndpointRules, infoArgument, type TargetRef } from '../shard/target-ref.js';
import { type Wake, wake } from '../shard/wake.js';
import type { SettleVerdict, TargetHealth } from '../shard/words.js';

const SETTLE = defineMailboxScript({
  name: 'settle',
  file: new URL('./settle.lua', import.meta.url),
  whenFull: true,
  args: {
    prefix: text,
    now: optionalNumber,
    channel: text,
    target: text,
    endpointInfo: text,
    pushPeriodMs: number,
    fallback: text,
    random: number,
    shedding: flag,
  },
  list: {
    items: {
      id: text,
      attempt: number,
      verdict: word<SettleVerdict>(),
      delayMs: number,
      failures: number,
      maybe: flag,
      /** The attempt as JSON. */
      attemptRecord: optionalText,
      reason: optionalText,
      /** Recipients that were not reached, as JSON. */
      partial: optionalText,
      /** Missing where the health is not learned from this delivery. */
      outcome: optionalText,
      durationMs: number,
      words: text,
      delayNamed: flag,
      /** Recipients that are retried, and refused ones, as JSON. */
      earlier: optionalText,
      receipt: optionalText,
      digest: optionalText,
      together: optionalNumeral,
      behind: flag,
    },
  },
  answer: row('settled', {
    wakes: list(wake),
    settled: number,
    cancelled: number,
    left: number,
    ready: number,
    health: word<TargetHealth>(),
    inFlightMax: number,
    handedOver: flag,
  }),
});

/** Characters of a failure's message that are stored beside its target. */
const WORDS_MAX = 300;

export interface Settlement {
  id: string;
  attempt: number;
  verdict: SettleVerdict;
  delayMs?: number;
  failures?: number;
  /** The message may have arrived although no answer came. */
  maybe?: boolean;
  /** The provider named the time to wait. */
  named?: boolean;
  tried?: Attempt;
  reason?: string;
  partial?: string[];
  /** Recipients for whom it is retried, although others took it. */
  remaining?: string[];
  /** The provider's id of the message. */
  receipt?: string;
  /** The digest that it went out in; the target's health is learned from the first delivery of it. */
  digest?: { id: string; first: boolean };
  /** The digest was refused: the most deliveries of its next one. */
  together?: number;
  /** It went out in a digest behind another delivery of its key, without an in-flight lease of its own. */
  behind?: boolean;
}

export interface SettleResult extends Capacity {
  wakes: Wake[];
  settled: number;
  /** Recoveries cancelled because their firing was not delivered. */
  cancelled: number;
  /** Deliveries left in the mailbox. */
  left: number;
  /** Of them, ready to be taken. */
  ready: number;
  /** Deliveries are on their way to a fallback endpoint. */
  handedOver: boolean;
}

/** Settles attempts of a target. */
export function settle(
  { redis, now, random = Math.random, shedding }: MailboxContext,
  ref: TargetRef,
  settlements: readonly Settlement[],
  { endpointInfo, pushPeriodMs, fallback }: EndpointRules,
): Promise<SettleResult> {
  return runInShard(redis, SETTLE, shardOfTarget(ref.target), {
    now: now?.(),
    channel: ref.channel,
    target: ref.target,
    endpointInfo: infoArgument(endpointInfo),
    pushPeriodMs,
    fallback,
    random: random(),
    shedding: shedding?.() ?? false,
    items: settlements.map(toItem),
  });
}

function toItem(s: Settlement) {
  const unreached = [...(s.partial ?? []), ...(s.remaining ?? [])];
  return {
    id: s.id,
    attempt: s.attempt,
    verdict: s.verdict,
    delayMs: s.delayMs ?? 0,
    failures: s.failures ?? 0,
    maybe: s.maybe ?? false,
    attemptRecord: s.tried && JSON.stringify(s.tried),
    reason: s.reason,
    partial: unreached.length > 0 ? JSON.stringify(unreached) : undefined,
    outcome: s.digest?.first === false ? undefined : s.tried?.outcome,
    durationMs: s.tried?.durationMs ?? 0,
    words: s.tried ? wordsOf(s.tried) : '',
    delayNamed: s.named ?? false,
    earlier: s.remaining?.length ? JSON.stringify([s.remaining, s.partial ?? []]) : undefined,
    receipt: s.receipt,
    digest: s.verdict === 'delivered' ? s.digest?.id : undefined,
    together: s.together,
    behind: s.behind ?? false,
  };
}

/** The message that an operator reads beside a failing target. */
function wordsOf({ outcome, code, message }: Attempt): string {
  return [code, message ?? outcome].filter(Boolean).join(': ').slice(0, WORDS_MAX).toWellFormed();
}
