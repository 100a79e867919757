import { type AlertEvent, type Endpoint, SEVERITY } from '#libs/contracts';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { claimHash, seenHash } from './claim-hash.js';
import { ledgerKey, shardOf, shardPrefix } from './keys.js';
import { CLAIM_LUA, MAILBOX_LUA, mailboxLua, STATS_LUA } from './lua-files.js';
import { parseWakes, type Wake, type WakeReply } from './wake.js';

const ADMIT = defineScript('admit', [MAILBOX_LUA, STATS_LUA, CLAIM_LUA, mailboxLua('admit')], { whenFull: false });

/** How long an endpoint remembers an event id. */
const SEEN_MS = 3_600_000;

/** The route by which an event reaches an endpoint; any gate but '' keeps a firing event out. */
export type Gate = '' | 'disabled' | 'level' | 'silenced' | 'former';

/** An event as it is stored. */
export interface AdmittedEvent {
  event: AlertEvent;
  /** The event as JSON. */
  json: string;
  /** Whether the sender gave the event its id, by which a repeated request is recognised. */
  ownId: boolean;
}

/** One event for one endpoint. */
export interface AdmissionItem {
  incoming: AdmittedEvent;
  endpoint: Endpoint;
  gate: Gate;
}

/** A target of an endpoint, and its name for people. */
export interface AdmissionTarget {
  id: string;
  label: string;
}

/** The result of one item: `none` for a recovery by a former link that has nothing to recover. */
export interface AdmissionVerdict {
  verdict: 'queued' | 'duplicate' | 'none' | 'period' | 'frequency' | 'recovery' | 'disabled' | 'level' | 'silenced';
  /** The push of a queued event, also of one that was queued earlier under the same id. */
  pushId?: string;
}

/**
 * Admits events to endpoints of one shard: applies suppression and stores the deliveries, in one script.
 * @param items in the order of their arrival
 * @param now overrides Redis' clock, in epoch milliseconds
 * @returns one verdict for each item
 */
export async function admitToShard(
  redis: RedisClient,
  shard: number,
  items: readonly AdmissionItem[],
  targetsOf: (endpoint: Endpoint) => readonly AdmissionTarget[],
  now?: number,
): Promise<{ verdicts: AdmissionVerdict[]; wakes: Wake[] }> {
  const args = [shardPrefix(shard), now ?? '', ...batchArguments(items, targetsOf)];
  const [words, wakes] = (await runScript(redis, ADMIT, ledgerKey(shard), args)) as [string[], WakeReply[]];
  return { verdicts: words.map(parseVerdict), wakes: parseWakes(wakes) };
}

/** Makes an endpoint remember the id of an event that it suppressed, so that a repeated request finds a duplicate. */
export async function rememberSuppressed(redis: RedisClient, { incoming, endpoint }: AdmissionItem): Promise<void> {
  const seen = seenHash(endpoint.team, incoming.event.id);
  await redis.set(`${shardPrefix(shardOf(endpoint.id))}seen:${endpoint.id}:${seen}`, '', 'PX', SEEN_MS);
}

function parseVerdict(words: string): AdmissionVerdict {
  const [verdict, pushId] = words.split(' ') as [AdmissionVerdict['verdict'], string?];
  return pushId ? { verdict, pushId } : { verdict };
}

function batchArguments(
  items: readonly AdmissionItem[],
  targetsOf: (endpoint: Endpoint) => readonly AdmissionTarget[],
): string[] {
  // By object, not by id: requests that share a script may have seen different settings.
  const endpoints = new Map<Endpoint, number>();
  const described: unknown[] = [];
  const events = new Map<AdmittedEvent, number>();
  const texts: string[] = [];
  const rows = items.map(({ incoming, endpoint, gate }) => {
    let e = endpoints.get(endpoint);
    if (e === undefined) {
      e = described.push(describe(endpoint, targetsOf(endpoint)));
      endpoints.set(endpoint, e);
    }
    let t = events.get(incoming);
    if (t === undefined) {
      t = texts.push(incoming.json);
      events.set(incoming, t);
    }
    const { id, policy, object, level } = incoming.event;
    const seen = incoming.ownId ? seenHash(endpoint.team, id) : '';
    return [e, claimHash(endpoint.team, policy, object), seen, SEVERITY[level], gate, t];
  });
  return [JSON.stringify({ endpoints: described, items: rows }), ...texts];
}

function describe(endpoint: Endpoint, targets: readonly AdmissionTarget[]): unknown {
  return {
    id: endpoint.id,
    channel: endpoint.channel,
    period: endpoint.pushPeriodMs,
    max: endpoint.maxPushes,
    escalates: endpoint.pushOnEscalation,
    across: endpoint.periodAcrossRecovery,
    targets: targets.map(({ id, label }) => ({ id, about: infoOf(endpoint, label) })),
  };
}

/** The endpoint as the log describes it if its settings are gone when a delivery ends. */
const infoOf = ({ id, name, team, channel }: Endpoint, target: string): string =>
  JSON.stringify({ endpointId: id, endpointName: name, team, channel, target });
