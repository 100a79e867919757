import { type Attempt, SEVERITY } from '#libs/contracts';
import { defineScript, type RedisClient, runScript, type Script } from '#libs/redis';
import { claimHash } from './claim-hash.js';
import { ledgerKey, parseTargetName, shardOf, shardPrefix } from './keys.js';
import { CLAIM_LUA, MAILBOX_LUA, STATS_LUA } from './lua-files.js';
import type {
  EndpointInfo,
  Mailboxes,
  MailboxOptions,
  Replay,
  ReplayAnswer,
  Settlement,
  TakenDelivery,
  TargetHealth,
  TargetRef,
} from './mailbox-types.js';
import { defineRound, goRound } from './round.js';
import { parseWakes, type WakeReply } from './wake.js';

const lua = (name: string): URL => new URL(`./lua/${name}.lua`, import.meta.url);
const DRAINS = { whenFull: true };
const ENDING = [MAILBOX_LUA, STATS_LUA, CLAIM_LUA, lua('outcome'), lua('close')];
const TAKE = defineScript('take', [...ENDING, lua('health'), lua('receipt'), lua('digest'), lua('take')], DRAINS);
const SETTLE = defineScript('settle', [...ENDING, lua('health'), lua('receipt'), lua('settle')], DRAINS);
const RENEW = defineScript('renew', [MAILBOX_LUA, lua('renew')], DRAINS);
const REST = defineScript('rest', [MAILBOX_LUA, lua('health'), lua('rest')], DRAINS);
const SWEEP = defineRound('sweep');
const REVIVE = defineScript('revive', [MAILBOX_LUA, lua('revive')], DRAINS);
const ASLEEP = defineRound('asleep');
const CANCEL = defineScript('cancel', [...ENDING, lua('cancel')], DRAINS);
const REPLAY = defineScript('replay', [MAILBOX_LUA, CLAIM_LUA, lua('replay')], { whenFull: false });
const ROUSE = defineScript('rouse', [MAILBOX_LUA, lua('health'), lua('rouse')], DRAINS);

/** Deliveries told in one digest: that many lines are more than anybody reads, and Redis looks at them in some milliseconds. */
const DIGEST_MAX = 500;
/** A turn that has not taken for so long is given up, and another one comes. */
const TURN_SILENCE_MS = 5_000;
/** Retries that fall due so closely together share a turn. */
const SLEEP_MS_MIN = 50;
const WORDS_MAX = 300;
/** Replays of a target follow each other at this distance, so that they do not flood it: 50 a second. */
const REPLAY_EVERY_MS = 20;
/** How long a target waits while the settings cannot be read that tell what becomes of it. */
const PUT_OFF_MS = 2_000;
/** A run of a script that goes round shards looks at so many targets: one or two milliseconds. */
const TARGETS_A_RUN = 200;
/** What a worker held that died is taken again when its leases run out; one that lives renews them in time. */
const LEASE_MS = 12_000;

export function createMailboxes(redis: RedisClient, options: MailboxOptions = {}): Mailboxes {
  const { now, random = Math.random, shedding = () => false } = options;
  const run = (script: Script, ref: TargetRef, ...args: (string | number)[]): Promise<unknown> => {
    const shard = shardOf(parseTargetName(ref.target).endpointId);
    return runScript(redis, script, ledgerKey(shard), [
      shardPrefix(shard),
      now?.() ?? '',
      ref.channel,
      ref.target,
      ...args,
    ]);
  };
  return {
    async take(ref, { job, callId, max }, rules) {
      const { endpointInfo, pushPeriodMs, expireAfterMs, fallback, open, digestOver = 0 } = rules;
      const args = [
        job,
        max,
        pushPeriodMs,
        LEASE_MS,
        TURN_SILENCE_MS,
        callId,
        infoArgument(endpointInfo),
        expireAfterMs,
      ];
      args.push(open ? 0 : 1, fallback, digestOver, DIGEST_MAX);
      const reply = (await run(TAKE, ref, ...args)) as TakeReply | null;
      if (!reply) return undefined;
      const [taken, more, standing, inFlightMax, digest] = reply;
      return {
        deliveries: taken.map(toTaken),
        more: more === 1,
        standing,
        inFlightMax,
        digest: digest === 1 && taken.length > 0,
      };
    },

    async renewLeases(ref, ids) {
      await run(RENEW, ref, LEASE_MS, ...ids);
    },

    async settle(ref, settlements, { endpointInfo, pushPeriodMs, fallback }) {
      const { endpointId } = parseTargetName(ref.target);
      const items = settlements.flatMap(settlementArguments);
      const args = [
        endpointId,
        pushPeriodMs,
        infoArgument(endpointInfo),
        fallback,
        random(),
        shedding() ? 1 : 0,
        ...items,
      ];
      const reply = (await run(SETTLE, ref, ...args)) as SettleReply;
      const [wakes, settled, cancelled, left, ready, standing, inFlightMax, handed] = reply;
      return {
        wakes: parseWakes(wakes),
        settled,
        cancelled,
        left,
        ready,
        standing,
        inFlightMax,
        handedOver: handed === 1,
      };
    },

    async endTurn(ref, job, { seen, settings, waitMs = 0, why = 'rate', expireAfterMs, fallback, open }) {
      const args = [job, SLEEP_MS_MIN, seen, settings, PUT_OFF_MS, waitMs, why, expireAfterMs, fallback, open ? 0 : 1];
      const [next, delayMs] = (await run(REST, ref, ...args)) as number[];
      return next === undefined ? undefined : { job: next, delayMs: delayMs ?? 0 };
    },

    async overdueTurns(channels) {
      const args = [now?.() ?? '', TARGETS_A_RUN, ...channels];
      const found = await goRound<[WakeReply[], [string, string, number][], string[]]>(redis, SWEEP, args);
      return {
        wakes: parseWakes(found.flatMap(([wakes]) => wakes)),
        maybeLost: found.flatMap(([, some]) => some).map(([channel, target, job]) => ({ channel, target, job })),
        handovers: found.flatMap(([, , handovers]) => handovers),
      };
    },

    revive: async (ref, job) => parseWakes((await run(REVIVE, ref, job)) as WakeReply[]),

    async sleepingTurns() {
      const found = await goRound<[string, string, string][]>(redis, ASLEEP, [TARGETS_A_RUN]);
      return found.flat().map(([channel, target, seen]) => ({ channel, target, seen }));
    },

    resume: async (ref) => parseWakes((await run(ROUSE, ref)) as WakeReply[]),

    async cancel(ref, ids, { endpointInfo, pushPeriodMs, reason }) {
      if (ids.length === 0) return { wakes: [], cancelled: [] };
      const reply = await run(CANCEL, ref, pushPeriodMs, infoArgument(endpointInfo), reason, ...ids);
      const [wakes, cancelled] = reply as [WakeReply[], string[]];
      return { wakes: parseWakes(wakes), cancelled };
    },

    async replay(ref, items, { endpointInfo, pushPeriodMs, force, dryRun = false }) {
      if (items.length === 0) return { wakes: [], answers: [] };
      const args = [pushPeriodMs, infoArgument(endpointInfo), REPLAY_EVERY_MS, force ? 1 : 0, dryRun ? 1 : 0];
      const all = items.flatMap((item) => replayArguments(dryRun ? { ...item, json: '' } : item));
      const reply = await run(REPLAY, ref, ...args, ...all);
      const [wakes, words] = reply as [WakeReply[], string[]];
      const answers = words.map(
        (word): ReplayAnswer =>
          word === 'waiting' || word === 'ended' ? { result: word } : { result: 'replayed', id: word },
      );
      return { wakes: parseWakes(wakes), answers };
    },
  };
}

const replayArguments = ({ baseId, lastReplay, event, json, team, episode, cameAt }: Replay): (string | number)[] => {
  const key = claimHash(team, event.policy, event.object);
  return [baseId, lastReplay, json, key, episode, SEVERITY[event.level], cameAt];
};

type Counts = [number, number, number, number, number, number, number];
type TakenReply = [string, string, ...Counts, string, string, string, number];
type TakeReply = [TakenReply[], number, TargetHealth, number, number];
type SettleReply = [WakeReply[], number, number, number, number, TargetHealth, number, number];

const toTaken = ([id, event, ageMs, ...rest]: TakenReply): TakenDelivery => {
  const [suppressedCount, attempt, failures, delayedByMs, endsWorker, episode, follows, earlier, receipt, behind] =
    rest;
  return {
    id,
    event,
    ageMs,
    suppressedCount,
    attempt,
    failures,
    delayedByMs,
    endsWorker: endsWorker === 1,
    episode,
    ...(follows && { follows }),
    ...(earlier && { earlier: toEarlier(earlier) }),
    ...(receipt && { receipt }),
    ...(behind === 1 && { behind: true as const }),
  };
};

/** As {@link settlementArguments} wrote it. */
function toEarlier(json: string): NonNullable<TakenDelivery['earlier']> {
  const [remaining, refused] = JSON.parse(json) as [string[], string[]];
  return { remaining, refused };
}

/** An endpoint that is gone is described by what its mailbox kept. */
const infoArgument = (endpointInfo: EndpointInfo | undefined): string =>
  endpointInfo ? JSON.stringify(endpointInfo) : '';

function settlementArguments(s: Settlement): (string | number)[] {
  const unreached = [...(s.partial ?? []), ...(s.remaining ?? [])];
  return [
    s.id,
    s.attempt,
    s.verdict,
    s.delayMs ?? 0,
    s.failures ?? 0,
    s.maybe ? 1 : 0,
    s.tried ? JSON.stringify(s.tried) : '',
    s.reason ?? '',
    unreached.length > 0 ? JSON.stringify(unreached) : '',
    s.digest?.first === false ? '' : (s.tried?.outcome ?? ''),
    s.tried?.durationMs ?? 0,
    s.tried ? wordsOf(s.tried) : '',
    s.named ? 1 : 0,
    s.remaining?.length ? JSON.stringify([s.remaining, s.partial ?? []]) : '',
    s.receipt ?? '',
    s.verdict === 'delivered' ? (s.digest?.id ?? '') : '',
    s.together ?? '',
  ];
}

/** What an operator reads beside a target that fails. */
function wordsOf({ outcome, code, message }: Attempt): string {
  return [code, message ?? outcome].filter(Boolean).join(': ').slice(0, WORDS_MAX).toWellFormed();
}
