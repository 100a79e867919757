import { z } from 'zod';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { ledgerKey, parseTargetName, SHARDS, shardOf, shardPrefix } from './keys.js';
import { MAILBOX_LUA } from './lua-files.js';
import type { EndpointInfo } from './mailbox-types.js';
import { type TargetState, targetState } from './target-state.js';

const INSPECT = defineScript('inspect', [MAILBOX_LUA, new URL('./lua/inspect.lua', import.meta.url)], {
  whenFull: true,
});

/** What waits at a target, how much of it, since when and why. Times are epoch milliseconds. */
export interface TargetView {
  /** `endpoint.target` */
  name: string;
  endpointId: string;
  targetId: string;
  /** The endpoint when its last event came in; undefined where nothing waits. */
  endpointInfo: EndpointInfo | undefined;
  /** Everything that is not being sent: the four below, together. */
  waiting: number;
  ready: number;
  retrying: number;
  replaying: number;
  /** Behind an unsettled delivery of the same policy and object. */
  behind: number;
  running: number;
  /** When the oldest that waits was created; where many wait for their next try there may be an older one. */
  waitingSince: number | undefined;
  state: TargetState;
  /** Until when nothing can happen there, where that is known. */
  until: number | undefined;
  /** Consecutive failures, the first of them, and the words of the last. */
  failures: number;
  failingSince: number | undefined;
  /** The last of them. */
  failedAt: number | undefined;
  lastError: string | undefined;
}

type TargetReply = [
  channel: string,
  target: string,
  about: string,
  waiting: number,
  running: number,
  ready: number,
  retrying: number,
  replaying: number,
  behind: number,
  oldest: number,
  turn: string,
  why: string,
  until: number,
  failures: number,
  since: number,
  heldUntil: number,
  heldWhy: string,
  error: string,
];

/**
 * Looks into every mailbox. Targets at which nothing waits are told of where `others` names them and they are unwell.
 * @param now overrides Redis' clock, in epoch milliseconds
 */
export async function inspect(
  redis: RedisClient,
  others: readonly string[] = [],
  now?: number,
): Promise<{ at: number; targets: TargetView[] }> {
  const named = Map.groupBy(others, (name) => shardOf(parseTargetName(name).endpointId));
  const replies = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) => {
      const args = [shardPrefix(shard), now ?? '', ...(named.get(shard) ?? [])];
      return runScript(redis, INSPECT, ledgerKey(shard), args) as Promise<[number, TargetReply[]]>;
    }),
  );
  return {
    at: Math.max(...replies.map(([at]) => at)),
    targets: replies.flatMap(([at, targets]) => targets.map((reply) => toView(reply, at))),
  };
}

function toView(reply: TargetReply, now: number): TargetView {
  const [channel, name, about, waiting, running, ready, retrying, replaying, behind, oldest] = reply;
  const [turn, why, until, failures, since, heldUntil, heldWhy, error, last] = reply.slice(10) as [
    string,
    string,
    number,
    number,
    number,
    number,
    string,
    string,
    number,
  ];
  const { endpointId, targetId } = parseTargetName(name);
  return {
    name,
    endpointId,
    targetId,
    endpointInfo: readEndpointInfo(about, {
      endpointId,
      endpointName: endpointId,
      team: '',
      channel,
      target: targetId,
    }),
    waiting,
    ready,
    retrying,
    replaying,
    behind,
    running,
    waitingSince: oldest || undefined,
    ...targetState({ waiting, running, turn, why, until, failures, heldUntil, heldWhy }, now),
    failures,
    failingSince: failures > 0 && since > 0 ? since : undefined,
    failedAt: failures > 0 && last > 0 ? last : undefined,
    lastError: error || undefined,
  };
}

const endpointInfoSchema = z.object({
  endpointId: z.string(),
  endpointName: z.string(),
  team: z.string(),
  channel: z.string(),
  target: z.string(),
});

/** What a mailbox keeps of its endpoint; undefined where it keeps nothing, `unknown` where that cannot be read. */
export function readEndpointInfo(text: string, unknown: EndpointInfo): EndpointInfo | undefined {
  if (text === '') return undefined;
  try {
    return endpointInfoSchema.parse({ ...unknown, ...(JSON.parse(text) as object) });
  } catch {
    return unknown;
  }
}
