import { type AlertEvent, SEVERITY } from '#libs/contracts';
import { flag, list, number, optionalNumber, row, text } from '#libs/redis';
import { claimHash } from '../shard/claim-hash.js';
import type { MailboxContext } from '../shard/mailbox-context.js';
import { defineMailboxScript, runInShard, shardOfTarget } from '../shard/mailbox-script.js';
import { type EndpointInfo, infoArgument, type TargetRef } from '../shard/target-ref.js';
import { type Wake, wake } from '../shard/wake.js';
import { REPLAY_REFUSALS, type ReplayRefusal } from '../shard/words.js';

const REPLAY = defineMailboxScript({
  name: 'replay',
  file: new URL('./replay.lua', import.meta.url),
  whenFull: false,
  args: {
    prefix: text,
    now: optionalNumber,
    channel: text,
    target: text,
    endpointInfo: text,
    pushPeriodMs: number,
    force: flag,
    dryRun: flag,
  },
  list: {
    items: {
      baseId: text,
      lastReplay: number,
      event: text,
      key: text,
      episode: number,
      severity: number,
      cameAt: number,
    },
  },
  answer: row('replayed', { wakes: list(wake), results: list(text) }),
});

/** An ended delivery, as the log knows it. */
export interface Replay {
  /** The first delivery, whose replays count from 1. */
  baseId: string;
  /** The highest replay in the log; 0 for none. */
  lastReplay: number;
  event: AlertEvent;
  /** The event as it is stored. */
  json: string;
  team: string;
  /** 0 where the log does not know it. */
  episode: number;
  /** When the event came in, epoch milliseconds. */
  cameAt: number;
}

export type ReplayAnswer = { result: 'replayed'; id: string } | { result: ReplayRefusal };

export interface ReplayRules {
  endpointInfo: EndpointInfo;
  pushPeriodMs: number;
  /** Also replays a report of a state that is over: a firing whose episode has ended, or a recovery of what fires again. */
  force: boolean;
  /** Answers the same, and changes nothing. */
  dryRun?: boolean;
}

/**
 * Puts ended deliveries into their mailbox again, to be sent at a bounded pace behind new ones.
 * @returns for each the id of the new delivery, or why there is none
 */
export async function replay(
  { redis, now }: MailboxContext,
  { channel, target }: TargetRef,
  items: readonly Replay[],
  { endpointInfo, pushPeriodMs, force, dryRun = false }: ReplayRules,
): Promise<{ wakes: Wake[]; answers: ReplayAnswer[] }> {
  if (items.length === 0) return { wakes: [], answers: [] };
  const { wakes, results } = await runInShard(redis, REPLAY, shardOfTarget(target), {
    now: now?.(),
    channel,
    target,
    endpointInfo: infoArgument(endpointInfo),
    pushPeriodMs,
    force,
    dryRun,
    items: items.map((item) => toItem(item, dryRun)),
  });
  return { wakes, answers: results.map(toAnswer) };
}

const toItem = ({ baseId, lastReplay, event, json, team, episode, cameAt }: Replay, dryRun: boolean) => ({
  baseId,
  lastReplay,
  event: dryRun ? '' : json,
  key: claimHash(team, event.policy, event.object),
  episode,
  severity: SEVERITY[event.level],
  cameAt,
});

const isRefusal = (result: string): result is ReplayRefusal => Object.hasOwn(REPLAY_REFUSALS, result);

const toAnswer = (result: string): ReplayAnswer =>
  isRefusal(result) ? { result } : { result: 'replayed', id: result };
