import { type AlertEvent, type Endpoint, SEVERITY } from '#libs/contracts';
import { list, optionalNumber, type RedisClient, row, text } from '#libs/redis';
import { claimHash, seenHash } from '../shard/claim-hash.js';
import { seenKey } from '../shard/keys.js';
import { defineMailboxScript, runInShard } from '../shard/mailbox-script.js';
import { type Wake, wake } from '../shard/wake.js';
import { type AdmissionResult, type Gate, SEEN_MS } from '../shard/words.js';

const ADMIT = defineMailboxScript({
  name: 'admit',
  file: new URL('./admit.lua', import.meta.url),
  whenFull: false,
  args: { prefix: text, now: optionalNumber, batch: text },
  list: { events: text },
  answer: row('admitted', { results: list(text), wakes: list(wake) }),
});

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

/** The result of one item. */
export interface AdmissionVerdict {
  verdict: AdmissionResult;
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
  const { results, wakes } = await runInShard(redis, ADMIT, shard, { now, ...batchArguments(items, targetsOf) });
  return { verdicts: results.map(parseVerdict), wakes };
}

/** Makes an endpoint remember the id of an event that it suppressed, so that a repeated request finds a duplicate. */
export async function rememberSuppressed(redis: RedisClient, { incoming, endpoint }: AdmissionItem): Promise<void> {
  await redis.set(seenKey(endpoint.id, seenHash(endpoint.team, incoming.event.id)), '', 'PX', SEEN_MS);
}

function parseVerdict(result: string): AdmissionVerdict {
  const [verdict, pushId] = result.split(' ') as [AdmissionResult, string?];
  return pushId ? { verdict, pushId } : { verdict };
}

function batchArguments(
  items: readonly AdmissionItem[],
  targetsOf: (endpoint: Endpoint) => readonly AdmissionTarget[],
): { batch: string; events: string[] } {
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
  return { batch: JSON.stringify({ endpoints: described, items: rows }), events: texts };
}

function describe(endpoint: Endpoint, targets: readonly AdmissionTarget[]): unknown {
  return {
    id: endpoint.id,
    channel: endpoint.channel,
    period: endpoint.pushPeriodMs,
    max: endpoint.maxPushes,
    escalates: endpoint.pushOnEscalation,
    across: endpoint.periodAcrossRecovery,
    targets: targets.map(({ id, label }) => ({ id, info: infoOf(endpoint, label) })),
  };
}

/** The endpoint as the log describes it if its settings are gone when a delivery ends. */
const infoOf = ({ id, name, team, channel }: Endpoint, target: string): string =>
  JSON.stringify({ endpointId: id, endpointName: name, team, channel, target });
