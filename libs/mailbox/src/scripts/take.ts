import {
  flag,
  list,
  number,
  numberOrText,
  numeral,
  optional,
  optionalNumber,
  optionalText,
  row,
  text,
  word,
} from '#libs/redis';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import { type Capacity, type EndpointRules, infoArgument, type TargetRef } from '../shard/target-ref.js';
import type { TargetHealth } from '../shard/words.js';

const TAKE = defineMailboxScript({
  name: 'take',
  file: new URL('./take.lua', import.meta.url),
  whenFull: true,
  args: {
    prefix: text,
    now: optionalNumber,
    channel: text,
    target: text,
    job: numeral,
    callId: text,
    max: number,
    endpointInfo: text,
    pushPeriodMs: number,
    expireAfterMs: number,
    fallback: text,
    open: flag,
    digestOver: number,
  },
  answer: optional(
    row('taken', {
      deliveries: list(
        row('delivery', {
          id: text,
          event: text,
          ageMs: number,
          delayedByMs: number,
          suppressedCount: number,
          attempt: number,
          failures: number,
          endsWorker: flag,
          episode: numberOrText,
          follows: optionalText,
          earlier: optionalText,
          receipt: optionalText,
          behind: flag,
        }),
      ),
      more: flag,
      health: word<TargetHealth>(),
      inFlightMax: number,
      digest: flag,
    }),
  ),
});

/** A delivery that a turn has taken. */
export interface TakenDelivery {
  id: string;
  /** The event as JSON. */
  event: string;
  /** Since its admission. */
  ageMs: number;
  /** Since the event came in: for a replay, longer than its age. */
  delayedByMs: number;
  suppressedCount: number;
  /** The number of the attempt, from 1. */
  attempt: number;
  failures: number;
  /** Its worker ended while it was in flight alone, after a row of lost turns. */
  endsWorker: boolean;
  /** Number of the episode, 0 for none; at a fallback endpoint `<endpoint>:<number>` of the endpoint that it replaces. */
  episode: number | string;
  /** The last delivery of the same episode; missing where it is not known. */
  follows?: string;
  /** Where some recipients took it: those for whom it is retried, and those that were refused. */
  earlier?: { remaining: string[]; refused: string[] };
  /** The provider's id of the first message of its episode. */
  receipt?: string;
  /** It stays behind another delivery of its key, and is settled only if its digest is delivered. */
  behind?: true;
}

export interface TakeResult extends Capacity {
  deliveries: TakenDelivery[];
  /** The next call may find more, although this one found nothing to send. */
  more: boolean;
  /** The deliveries go out in one message. */
  digest: boolean;
}

/** One call of a turn. */
export interface TakeCall {
  job: number;
  /** Idempotency token: a repeated call with the same one gets the same answer. */
  callId: string;
  max: number;
}

/** Takes deliveries for a turn; undefined when the turn is not, or no longer, that of the job. */
export async function take(
  { redis, now }: MailboxContext,
  ref: TargetRef,
  call: TakeCall,
  { endpointInfo, pushPeriodMs, expireAfterMs, fallback, open, digestOver = 0 }: EndpointRules,
): Promise<TakeResult | undefined> {
  const taken = await runInShard(redis, TAKE, shardOfTarget(ref.target), {
    now: now?.(),
    channel: ref.channel,
    target: ref.target,
    job: call.job,
    callId: call.callId,
    max: call.max,
    endpointInfo: infoArgument(endpointInfo),
    pushPeriodMs,
    expireAfterMs,
    fallback,
    open,
    digestOver,
  });
  if (!taken) return undefined;
  const deliveries = taken.deliveries.map(toTaken);
  return { ...taken, deliveries, digest: taken.digest && deliveries.length > 0 };
}

type Answered = NonNullable<ReturnType<typeof TAKE.decode>>['deliveries'][number];

const toTaken = ({ follows, earlier, receipt, behind, ...delivery }: Answered): TakenDelivery => ({
  ...delivery,
  ...(follows !== undefined && { follows }),
  ...(earlier !== undefined && { earlier: parseEarlier(earlier) }),
  ...(receipt !== undefined && { receipt }),
  ...(behind && { behind }),
});

/** Reads the recipients that settle.ts wrote. */
function parseEarlier(json: string): NonNullable<TakenDelivery['earlier']> {
  const [remaining, refused] = JSON.parse(json) as [string[], string[]];
  return { remaining, refused };
}
