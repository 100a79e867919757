import { CLAIM_LUA } from '#libs/admission';
import type { Attempt } from '#libs/contracts';
import {
  ledgerKey,
  MAILBOX_LUA,
  parseTargetName,
  parseWakes,
  shardOf,
  shardPrefix,
  type Wake,
  type WakeReply,
} from '#libs/mailbox';
import { defineScript, type RedisClient, runScript, type Script } from '#libs/redis';

const lua = (name: string): URL => new URL(`./lua/${name}.lua`, import.meta.url);
const DRAINS = { whenFull: true };
const TAKE = defineScript('take', [MAILBOX_LUA, lua('outcome'), lua('take')], DRAINS);
const SETTLE = defineScript('settle', [MAILBOX_LUA, CLAIM_LUA, lua('outcome'), lua('settle')], DRAINS);
const RENEW = defineScript('renew', [MAILBOX_LUA, lua('renew')], DRAINS);
const REST = defineScript('rest', [MAILBOX_LUA, lua('rest')], DRAINS);
const SWEEP = defineScript('sweep', [MAILBOX_LUA, lua('sweep')], DRAINS);
const REVIVE = defineScript('revive', [MAILBOX_LUA, lua('revive')], DRAINS);
const ASLEEP = defineScript('asleep', [MAILBOX_LUA, lua('asleep')], DRAINS);
const ROUSE = defineScript('rouse', [MAILBOX_LUA, lua('rouse')], DRAINS);

/** More at once at one target gains nothing and would let one receiver fill a worker. */
export const FLIGHTS_MAX = 100;
/** A turn that has not taken for so long is given up, and another one comes. */
const TURN_SILENCE_MS = 5_000;
/** Retries that fall due so closely together share a turn. */
const SLEEP_MS_MIN = 50;
/** How long a target waits while the settings cannot be read that tell what becomes of it. */
const PUT_OFF_MS = 2_000;
const SWEEP_MAX = 200;
/** What a worker held that died is taken again when its leases run out; one that lives renews them in time. */
const LEASE_MS = 12_000;

/** A target on the way through the scripts. */
export interface Place {
  channel: string;
  /** `endpoint.target` */
  target: string;
}

/** What became of the settings that a turn had seen: nothing, or they changed meanwhile, or they cannot be read. */
export type Fate = '' | 'changed' | 'unknown';

/** A delivery in the hands of a turn. */
export interface Taken {
  id: string;
  /** The event as JSON. */
  event: string;
  /** Since its admission. */
  ageMs: number;
  suppressedCount: number;
  /** Which attempt this is, from 1. */
  attempt: number;
  failures: number;
  /** It took its worker with it when it was in the air alone, after a row of lost turns. */
  doomed: boolean;
}

/** What a delivery's record in the log says of its endpoint. */
export interface About {
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  target: string;
}

export interface Settlement {
  id: string;
  attempt: number;
  verdict: 'delivered' | 'again' | 'dead' | 'cancelled';
  delayMs?: number;
  failures?: number;
  /** The message may have arrived although no answer came. */
  maybe?: boolean;
  tried?: Attempt;
  reason?: string;
  partial?: string[];
}

export interface Settled {
  wakes: Wake[];
  settled: number;
  /** Recoveries cancelled because their firing died. */
  cancelled: number;
  /** Deliveries left in the mailbox. */
  left: number;
  /** Of them, ready to be taken. */
  ready: number;
}

export interface Mailboxes {
  /** Deliveries for this turn; undefined when the turn is not, or no longer, this job's. */
  take(
    place: Place,
    ask: { job: number; token: string; max: number; about: About | undefined },
  ): Promise<Taken[] | undefined>;
  /** Keeps the leases of what is still being sent. */
  renew(place: Place, ids: readonly string[]): Promise<void>;
  settle(
    place: Place,
    settlements: readonly Settlement[],
    about: About | undefined,
    pushPeriodMs: number,
  ): Promise<Settled>;
  /** Ends the turn; the next one to add, if there is to be one. */
  rest(place: Place, job: number, seen: string, fate: Fate): Promise<{ job: number; delayMs: number } | undefined>;
  /** Overdue turns of a shard: those to add at once, and those of which only the queue knows whether they are lost. */
  sweep(shard: number): Promise<{ wakes: Wake[]; doubts: (Place & { job: number })[] }>;
  /** A new turn in place of one whose job is lost. */
  revive(place: Place, job: number): Promise<Wake[]>;
  /** The sleeping turns of a shard, and under which settings of their endpoint they fell asleep. */
  asleep(shard: number): Promise<(Place & { seen: string })[]>;
  /** Settings have changed: what waits for its next try need not wait, and a sleeping turn looks again. */
  rouse(place: Place): Promise<Wake[]>;
}

/** @param now overrides Redis' clock, in epoch milliseconds */
export function createMailboxes(redis: RedisClient, now?: () => number): Mailboxes {
  const run = (script: Script, place: Place, ...args: (string | number)[]): Promise<unknown> => {
    const shard = shardOf(parseTargetName(place.target).endpointId);
    return runScript(redis, script, ledgerKey(shard), [
      shardPrefix(shard),
      now?.() ?? '',
      place.channel,
      place.target,
      ...args,
    ]);
  };
  return {
    async take(place, { job, token, max, about }) {
      const args = [job, max, FLIGHTS_MAX, LEASE_MS, TURN_SILENCE_MS, token, aboutArgument(about)];
      const reply = (await run(TAKE, place, ...args)) as
        | [string, string, number, number, number, number, number][]
        | null;
      return reply?.map(([id, event, ageMs, suppressedCount, attempt, failures, doomed]) => ({
        id,
        event,
        ageMs,
        suppressedCount,
        attempt,
        failures,
        doomed: doomed === 1,
      }));
    },

    async renew(place, ids) {
      await run(RENEW, place, LEASE_MS, ...ids);
    },

    async settle(place, settlements, about, pushPeriodMs) {
      const { endpointId } = parseTargetName(place.target);
      const items = settlements.flatMap(settlementArguments);
      const args = [endpointId, pushPeriodMs, FLIGHTS_MAX, aboutArgument(about), ...items];
      const reply = (await run(SETTLE, place, ...args)) as [WakeReply[], number, number, number, number];
      const [wakes, settled, cancelled, left, ready] = reply;
      return { wakes: parseWakes(wakes), settled, cancelled, left, ready };
    },

    async rest(place, job, seen, fate) {
      const args = [job, FLIGHTS_MAX, SLEEP_MS_MIN, seen, fate, PUT_OFF_MS];
      const [next, delayMs] = (await run(REST, place, ...args)) as number[];
      return next === undefined ? undefined : { job: next, delayMs: delayMs ?? 0 };
    },

    async sweep(shard) {
      const args = [shardPrefix(shard), now?.() ?? '', SWEEP_MAX];
      const reply = (await runScript(redis, SWEEP, ledgerKey(shard), args)) as [
        WakeReply[],
        [string, string, number][],
      ];
      const doubts = reply[1].map(([channel, target, job]) => ({ channel, target, job }));
      return { wakes: parseWakes(reply[0]), doubts };
    },

    revive: async (place, job) => parseWakes((await run(REVIVE, place, job)) as WakeReply[]),

    async asleep(shard) {
      const reply = await runScript(redis, ASLEEP, ledgerKey(shard), [shardPrefix(shard)]);
      return (reply as [string, string, string][]).map(([channel, target, seen]) => ({ channel, target, seen }));
    },

    rouse: async (place) => parseWakes((await run(ROUSE, place)) as WakeReply[]),
  };
}

/** An endpoint that is gone is described by what its mailbox kept. */
const aboutArgument = (about: About | undefined): string => (about ? JSON.stringify(about) : '');

function settlementArguments(s: Settlement): (string | number)[] {
  return [
    s.id,
    s.attempt,
    s.verdict,
    s.delayMs ?? 0,
    s.failures ?? 0,
    s.maybe ? 1 : 0,
    s.tried ? JSON.stringify(s.tried) : '',
    s.reason ?? '',
    s.partial?.length ? JSON.stringify(s.partial) : '',
    s.tried?.outcome ?? '',
    s.tried?.durationMs ?? 0,
  ];
}
