import { list, number, optionalNumber, optionalText, type RedisClient, row, text, type ValueOf } from '#libs/redis';
import { readEndpointInfo } from '../shard/endpoint-info.js';
import { parseTargetName, SHARDS, shardOf } from '../shard/keys.js';
import { defineMailboxScript, runInShard } from '../shard/mailbox-script.js';
import type { EndpointInfo } from '../shard/target-ref.js';
import { type TargetState, targetState } from '../shard/target-state.js';

const target = row('target', {
  /** Empty for a target that was asked for by its name. */
  channel: text,
  target: text,
  endpointInfo: text,
  waiting: number,
  running: number,
  ready: number,
  retrying: number,
  replaying: number,
  behind: number,
  waitingSince: optionalNumber,
  turn: text,
  why: text,
  sleepsUntil: number,
  failures: number,
  failingSince: number,
  failedAt: number,
  heldUntil: number,
  heldWhy: text,
  lastError: optionalText,
});

const INSPECT = defineMailboxScript({
  name: 'inspect',
  file: new URL('./inspect.lua', import.meta.url),
  whenFull: true,
  args: { prefix: text, now: optionalNumber },
  list: { others: text },
  answer: row('inspection', { at: number, targets: list(target) }),
});

/** The deliveries that wait at a target: how many, since when, and why. Times are epoch milliseconds. */
export interface TargetView {
  /** `endpoint.target` */
  name: string;
  endpointId: string;
  targetId: string;
  /** The endpoint at its last event; undefined where nothing waits. */
  endpointInfo: EndpointInfo | undefined;
  /** Everything that is not in flight: the sum of the four below. */
  waiting: number;
  ready: number;
  retrying: number;
  replaying: number;
  /** Behind an unsettled delivery of the same policy and object. */
  behind: number;
  running: number;
  /** Creation of the oldest that waits; where many wait for a retry there may be an older one. */
  waitingSince: number | undefined;
  state: TargetState;
  /** Until when nothing can happen at the target, where that is known. */
  until: number | undefined;
  /** Consecutive failures. */
  failures: number;
  failingSince: number | undefined;
  failedAt: number | undefined;
  lastError: string | undefined;
}

/**
 * Inspects every mailbox.
 * @param others targets to report as well, although nothing waits there, where they are unwell
 * @param now overrides Redis' clock, in epoch milliseconds
 */
export async function inspect(
  redis: RedisClient,
  others: readonly string[] = [],
  now?: number,
): Promise<{ at: number; targets: TargetView[] }> {
  const named = Map.groupBy(others, (name) => shardOf(parseTargetName(name).endpointId));
  const inspections = await Promise.all(
    Array.from({ length: SHARDS }, (_, shard) =>
      runInShard(redis, INSPECT, shard, { now, others: named.get(shard) ?? [] }),
    ),
  );
  return {
    at: Math.max(...inspections.map(({ at }) => at)),
    targets: inspections.flatMap(({ at, targets }) => targets.map((found) => toView(found, at))),
  };
}

function toView(found: ValueOf<typeof target>, now: number): TargetView {
  const { channel, target: name, endpointInfo, turn, why, sleepsUntil, heldUntil, heldWhy, ...counts } = found;
  const { waiting, running, failures, failingSince, failedAt } = counts;
  const { endpointId, targetId } = parseTargetName(name);
  return {
    ...counts,
    name,
    endpointId,
    targetId,
    endpointInfo: readEndpointInfo(endpointInfo, channel, name),
    ...targetState({ waiting, running, turn, why, until: sleepsUntil, failures, heldUntil, heldWhy }, now),
    failingSince: failures > 0 && failingSince > 0 ? failingSince : undefined,
    failedAt: failures > 0 && failedAt > 0 ? failedAt : undefined,
  };
}
