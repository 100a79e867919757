import type { Channel } from '#libs/channels';
import type { Settings } from '#libs/contracts';
import {
  CLAIM_LUA,
  ledgerKey,
  MAILBOX_LUA,
  mailboxLua,
  parseWakes,
  SHARDS,
  STATS_LUA,
  seenHash,
  shardOf,
  shardPrefix,
  type Wake,
  type WakeReply,
} from '#libs/mailbox';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import type { EndpointResult, EventResult, IncomingEvent } from './admission-types.js';
import { createLane } from './lane.js';
import { createRouter, type Route, type Router } from './router.js';
import { batchArguments, type Candidate, type Gate } from './shard-batch.js';

const ADMIT = defineScript('admit', [MAILBOX_LUA, STATS_LUA, CLAIM_LUA, mailboxLua('admit')], {
  whenFull: false,
});

/** A script blocks Redis while it runs: about a millisecond for so many. */
const SCRIPT_ITEMS_MAX = 500;
const SEEN_MS = 3_600_000;

export interface AdmitterParts {
  redis: RedisClient;
  channelOf(type: string): Channel | undefined;
  /** Calls for turns at the woken targets; it may fail, the sweeper finds what it missed. */
  wake(wakes: Wake[]): Promise<void>;
  /** Settings as new as can be had; asked for before an event counts as unrouted. */
  newerSettings(known: Settings): Promise<Settings>;
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: () => number;
}

export interface Admitter {
  /**
   * Takes events in, in their order: routes, suppresses, and stores what is to be delivered.
   * When it returns, everything it queued is safe in Redis.
   * @param team whose policies may take the events; null for all teams
   * @throws when Redis does not answer, or an endpoint cannot be read; then nothing is promised about any of the events
   */
  admit(events: readonly IncomingEvent[], team: string | null, settings: Settings): Promise<EventResult[]>;
}

/** An endpoint that an event is for cannot be read by this process, so no promise can be made about the event. */
export class EndpointUnusable extends Error {
  constructor(name: string) {
    super(`the settings of endpoint ${name} cannot be read; its config has to be given anew, or the endpoint deleted`);
    this.name = 'EndpointUnusable';
  }
}

interface Verdict {
  candidate: Candidate;
  verdict: string;
}

export function createAdmitter(parts: AdmitterParts): Admitter {
  const routerOf = onePerVersion(createRouter);

  /** One lane a shard: requests that come together share a script. */
  const lanes = Array.from({ length: SHARDS }, (_, shard) =>
    createLane((candidates: Candidate[]) => admitShard(shard, candidates), SCRIPT_ITEMS_MAX),
  );

  async function admitShard(shard: number, candidates: Candidate[]): Promise<Verdict[]> {
    const args = batchArguments(shardPrefix(shard), parts.now?.(), candidates, parts.channelOf);
    const [words, calls] = (await runScript(parts.redis, ADMIT, ledgerKey(shard), args)) as [string[], WakeReply[]];
    // The events are safe; nobody waits until somebody has been called to deliver them.
    void parts.wake(parseWakes(calls)).catch(() => {});
    return candidates.map((candidate, i) => ({ candidate, verdict: words[i] as string }));
  }

  /** The routes of each event; an event without any may have an endpoint that this process has not heard of. */
  async function routesOf(
    events: readonly IncomingEvent[],
    team: string | null,
    settings: Settings,
  ): Promise<Map<IncomingEvent, Route[]>> {
    const route = (by: Settings) =>
      new Map(events.map((incoming) => [incoming, routerOf(by).route(incoming.event, team)]));
    const routes = route(settings);
    if (![...routes.values()].some((found) => found.every(({ former }) => former))) return routes;
    const newer = await parts.newerSettings(settings);
    return newer === settings ? routes : route(newer);
  }

  /** Takes in events in their order; of repeated ids only the first should be among them. */
  async function admitAll(
    events: readonly IncomingEvent[],
    team: string | null,
    settings: Settings,
  ): Promise<EventResult[]> {
    const results = new Map<IncomingEvent, EndpointResult[]>(events.map((incoming) => [incoming, []]));
    const shards = new Map<number, Candidate[]>();
    for (const [incoming, routes] of await routesOf(events, team, settings)) {
      for (const route of routes) {
        if (route.endpoint.unreadable !== undefined) {
          if (incoming.bestEffort) continue;
          throw new EndpointUnusable(route.endpoint.name);
        }
        const gate = gateOf(route, incoming);
        if (!asksRedis(gate, incoming)) {
          results.get(incoming)?.push(resultOf(route.endpoint, gate));
          continue;
        }
        const shard = shardOf(route.endpoint.id);
        const candidates = shards.get(shard) ?? [];
        candidates.push({ incoming, endpoint: route.endpoint, gate, former: route.former });
        shards.set(shard, candidates);
      }
    }
    const answers = await Promise.all([...shards].map(([shard, candidates]) => lanes[shard]?.(candidates) ?? []));
    const verdicts = answers.flat();
    await markMixed(parts.redis, verdicts);
    for (const { candidate, verdict } of verdicts) {
      if (candidate.former && !/^(queued|duplicate)/.test(verdict)) continue;
      // Only links of disabled policies lead here, and nothing was pushed that the recovery could end.
      const counted = verdict === 'none' ? 'disabled' : verdict;
      results.get(candidate.incoming)?.push(resultOf(candidate.endpoint, counted));
    }
    return events.map((incoming) => eventResult(incoming, results.get(incoming) ?? []));
  }

  return {
    async admit(events, team, settings) {
      const { first, repeated } = splitRepeated(events);
      const found = await admitAll(first, team, settings);
      if (repeated.length === 0) return found;
      // An id is remembered by every endpoint only when its first occurrence is through.
      const later = await admitAll(repeated, team, settings);
      const results = new Map(
        [...first, ...repeated].map((incoming, i) => [incoming, i < first.length ? found[i] : later[i - first.length]]),
      );
      return events.map((incoming) => results.get(incoming) as EventResult);
    },
  };
}

function splitRepeated(events: readonly IncomingEvent[]): { first: IncomingEvent[]; repeated: IncomingEvent[] } {
  const ids = new Set<string>();
  const first: IncomingEvent[] = [];
  const repeated: IncomingEvent[] = [];
  for (const incoming of events) {
    const known = incoming.ownId && ids.has(incoming.event.id);
    (known ? repeated : first).push(incoming);
    ids.add(incoming.event.id);
  }
  return { first, repeated };
}

/** Where an endpoint keeps an event out, only a recovery changes anything, and only an id may have been queued before. */
function asksRedis(gate: Gate, { event, ownId }: IncomingEvent): boolean {
  return (gate !== 'disabled' && gate !== 'level') || event.level === 'recovered' || ownId;
}

function gateOf(route: Route, { event }: IncomingEvent): Gate {
  if (!route.endpoint.enabled) return 'disabled';
  if (!route.endpoint.levels.includes(event.level)) return 'level';
  if (route.former || (!route.enabled && event.level === 'recovered')) return 'former';
  return route.enabled ? '' : 'disabled';
}

function resultOf(endpoint: { id: string; name: string }, verdict: string): EndpointResult {
  const about = { endpoint: endpoint.id, endpointName: endpoint.name };
  const [word, pushId] = verdict.split(' ');
  return { ...about, result: word as EndpointResult['result'], ...(pushId ? { deliveryId: pushId } : {}) };
}

function eventResult({ event }: IncomingEvent, endpoints: EndpointResult[]): EventResult {
  const duplicate = endpoints.some((endpoint) => endpoint.result === 'duplicate');
  const result = endpoints.length === 0 ? 'unrouted' : duplicate ? 'duplicate' : 'taken';
  return { id: event.id, result, endpoints };
}

/**
 * An event that was queued anywhere is to change nothing when it comes again, so the endpoints that suppressed it
 * remember its id as well. Only they forget it if the process ends right here, before anybody got an answer.
 */
async function markMixed(redis: RedisClient, verdicts: readonly Verdict[]): Promise<void> {
  const queued = new Set(verdicts.filter((v) => v.verdict.startsWith('queued')).map((v) => v.candidate.incoming));
  const others = verdicts.filter(
    ({ candidate, verdict }) =>
      candidate.incoming.ownId && queued.has(candidate.incoming) && !/^(queued|duplicate|none)/.test(verdict),
  );
  await Promise.all(
    others.map(({ candidate: { endpoint, incoming } }) => {
      const seen = seenHash(endpoint.team, incoming.event.id);
      const key = `${shardPrefix(shardOf(endpoint.id))}seen:${endpoint.id}:${seen}`;
      return redis.set(key, '', 'PX', SEEN_MS);
    }),
  );
}

function onePerVersion(create: (settings: Settings) => Router): (settings: Settings) => Router {
  let known: { settings: Settings; router: Router } | undefined;
  return (settings) => {
    if (known?.settings !== settings) known = { settings, router: create(settings) };
    return known.router;
  };
}
