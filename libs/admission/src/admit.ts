import type { Channel } from '#libs/channels';
import type { Endpoint, Settings } from '#libs/contracts';
import {
  type AdmissionItem,
  type AdmissionVerdict,
  admitToShard,
  type Gate,
  rememberSuppressed,
  SHARDS,
  shardOf,
  type Wake,
} from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';
import type { EndpointResult, EventResult, IncomingEvent } from './admission-types.js';
import { createLane } from './lane.js';
import { routeSlice } from './route-slice.js';
import { createRouter, type PolicyOverrun, type Route, type Router, type Routing } from './router.js';
import { type Share, Slices } from './slices.js';

/** Items of one script: it blocks Redis for about a millisecond. */
const SCRIPT_ITEMS_MAX = 500;

export interface AdmitterParts {
  redis: RedisClient;
  channelOf(type: string): Channel | undefined;
  /** Requests turns at the woken targets. It may fail; the sweeper finds the missing ones. */
  wake(wakes: Wake[]): Promise<void>;
  /** Loads the newest settings, before an event counts as unrouted. */
  newerSettings(known: Settings): Promise<Settings>;
  /** Reports an entry of a policy whose matching is over the budget of its team. */
  onOverrun?: (overrun: PolicyOverrun) => void;
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: () => number;
}

export interface Admitter {
  /**
   * Admits events in their order: routes, suppresses, and stores their deliveries. When it returns, every queued event is
   * safe in Redis. Long matching work is done in slices; the events of a slice are admitted by the settings that routed them,
   * before the next slice is waited for.
   * @param team team whose policies may take the events; null for all teams
   * @param inForce the settings in force, asked for in each slice; it throws if no more events may be admitted
   * @throws when Redis does not answer, or an endpoint cannot be read; then no event counts as admitted
   */
  admit(events: readonly IncomingEvent[], team: string | null, inForce: () => Settings): Promise<EventResult[]>;
}

/** Thrown for an event whose endpoint this process cannot read, so that it cannot be admitted. */
export class EndpointUnusable extends Error {
  constructor(name: string) {
    super(`the settings of endpoint ${name} cannot be read; send its config again, or delete the endpoint`);
    this.name = 'EndpointUnusable';
  }
}

/** One event for one endpoint, as an item of a shard's script. */
interface Candidate extends AdmissionItem {
  incoming: IncomingEvent;
  /** Whether only removed links lead to the endpoint: then the event counts there only if it is queued. */
  former: boolean;
}

interface Judged {
  candidate: Candidate;
  verdict: AdmissionVerdict;
}

export function createAdmitter(parts: AdmitterParts): Admitter {
  const routerOf = onePerVersion(createRouter);
  const slices = new Slices();
  const targetsOf = ({ channel, config }: Endpoint) => parts.channelOf(channel)?.targets(config) ?? [];

  /** One lane per shard: concurrent requests share a script. */
  const lanes = Array.from({ length: SHARDS }, (_, shard) =>
    createLane((candidates: Candidate[]) => admitShard(shard, candidates), SCRIPT_ITEMS_MAX),
  );

  async function admitShard(shard: number, candidates: Candidate[]): Promise<Judged[]> {
    const { verdicts, wakes } = await admitToShard(parts.redis, shard, candidates, targetsOf, parts.now?.());
    // The events are stored, so the caller does not wait for the turns to be enqueued; the sweeper finds a missing one.
    void parts.wake(wakes).catch(() => {});
    return candidates.map((candidate, i) => ({ candidate, verdict: verdicts[i] as AdmissionVerdict }));
  }

  /** Admits events in their order, without repeated ids: slice by slice. */
  async function admitAll(
    events: readonly IncomingEvent[],
    team: string | null,
    inForce: () => Settings,
  ): Promise<EventResult[]> {
    const results: EventResult[] = [];
    const share = slices.share(team);
    let isNewest = false;
    while (results.length < events.length) {
      const rest = events.slice(results.length);
      const { settings, routings } = await routeNext(rest, share, inForce);
      if (!isNewest && routings.some(({ routes }) => routes.every(({ former }) => former))) {
        isNewest = true;
        if ((await parts.newerSettings(settings)) !== settings) continue;
      }
      for (const overrun of routings.flatMap(({ overruns }) => overruns)) parts.onOverrun?.(overrun);
      results.push(...(await admitRouted(rest.slice(0, routings.length), routings)));
    }
    return results;
  }

  /** Routes the first of the events, in a slice unless no expression can take long. */
  async function routeNext(
    events: readonly IncomingEvent[],
    share: Share,
    inForce: () => Settings,
  ): Promise<{ settings: Settings; routings: Routing[] }> {
    const route = () => {
      const settings = inForce();
      const { units, routings } = routeSlice(routerOf(settings), events, share.team);
      return { units, result: { settings, routings } };
    };
    return routerOf(inForce()).hasExpressions(share.team) ? slices.run(share, route) : route().result;
  }

  async function admitRouted(events: readonly IncomingEvent[], routings: readonly Routing[]): Promise<EventResult[]> {
    const results = new Map<IncomingEvent, EndpointResult[]>(events.map((incoming) => [incoming, []]));
    const shards = new Map<number, Candidate[]>();
    for (const [i, incoming] of events.entries()) {
      for (const route of routings[i]?.routes ?? []) {
        if (route.endpoint.unreadable !== undefined) {
          if (incoming.bestEffort) continue;
          throw new EndpointUnusable(route.endpoint.name);
        }
        const gate = gateOf(route, incoming);
        const refused = refusedAtGate(gate, incoming);
        if (refused) {
          results.get(incoming)?.push(resultOf(route.endpoint, refused));
          continue;
        }
        const shard = shardOf(route.endpoint.id);
        const candidates = shards.get(shard) ?? [];
        candidates.push({ incoming, endpoint: route.endpoint, gate, former: route.former });
        shards.set(shard, candidates);
      }
    }
    const answers = await Promise.all([...shards].map(([shard, candidates]) => lanes[shard]?.(candidates) ?? []));
    const judged = answers.flat();
    await rememberMixed(parts.redis, judged);
    for (const { candidate, verdict } of judged) {
      if (candidate.former && verdict.verdict !== 'queued' && verdict.verdict !== 'duplicate') continue;
      // Only links of disabled policies lead here, and there is no push that the recovery could end.
      const counted = verdict.verdict === 'none' ? 'disabled' : verdict.verdict;
      results.get(candidate.incoming)?.push(resultOf(candidate.endpoint, counted, verdict.pushId));
    }
    return events.map((incoming) => eventResult(incoming, results.get(incoming) ?? []));
  }

  return {
    async admit(events, team, inForce) {
      const { first, repeated } = splitRepeated(events);
      const found = await admitAll(first, team, inForce);
      if (repeated.length === 0) return found;
      // Every endpoint stores an id only after its first occurrence was admitted.
      const later = await admitAll(repeated, team, inForce);
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

/**
 * Suppression that needs no script: the endpoint's gate is closed, the event is not a recovery (which ends the episode),
 * and it has no id of its sender (under which it may have been queued before).
 */
function refusedAtGate(gate: Gate, { event, ownId }: IncomingEvent): 'disabled' | 'level' | undefined {
  if (event.level === 'recovered' || ownId) return undefined;
  return gate === 'disabled' || gate === 'level' ? gate : undefined;
}

function gateOf(route: Route, { event }: IncomingEvent): Gate {
  if (!route.endpoint.enabled) return 'disabled';
  if (!route.endpoint.levels.includes(event.level)) return 'level';
  if (route.former || (!route.enabled && event.level === 'recovered')) return 'former';
  return route.enabled ? '' : 'disabled';
}

function resultOf(endpoint: Endpoint, result: EndpointResult['result'], pushId?: string): EndpointResult {
  return {
    endpoint: endpoint.id,
    endpointName: endpoint.name,
    result,
    ...(pushId ? { deliveryId: pushId } : {}),
  };
}

function eventResult({ event }: IncomingEvent, endpoints: EndpointResult[]): EventResult {
  const duplicate = endpoints.some((endpoint) => endpoint.result === 'duplicate');
  const result = endpoints.length === 0 ? 'unrouted' : duplicate ? 'duplicate' : 'taken';
  return { id: event.id, result, endpoints };
}

/**
 * Stores the id of a queued event at the endpoints that suppressed it too, so that a repeat changes nothing there. It is
 * lost only if the process ends right here, before the request is answered.
 */
async function rememberMixed(redis: RedisClient, judged: readonly Judged[]): Promise<void> {
  const queued = new Set(judged.filter(({ verdict }) => verdict.verdict === 'queued').map((j) => j.candidate.incoming));
  const suppressed = judged.filter(
    ({ candidate: { incoming }, verdict }) =>
      incoming.ownId && queued.has(incoming) && !['queued', 'duplicate', 'none'].includes(verdict.verdict),
  );
  await Promise.all(suppressed.map(({ candidate }) => rememberSuppressed(redis, candidate)));
}

function onePerVersion(create: (settings: Settings) => Router): (settings: Settings) => Router {
  let known: { settings: Settings; router: Router } | undefined;
  return (settings) => {
    if (known?.settings !== settings) known = { settings, router: create(settings) };
    return known.router;
  };
}
