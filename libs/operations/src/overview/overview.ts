import type { Channel } from '#libs/channels';
import type { Endpoint, Settings } from '#libs/contracts';
import {
  addTallies,
  type EndpointStats,
  inspect,
  noTally,
  readStats,
  TARGET_STATES,
  type TargetView,
  targetName,
} from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** A target of an endpoint, as people know it. */
export interface TargetLine extends Omit<TargetView, 'endpointInfo' | 'endpointId'> {
  /** For people; free of secrets. */
  target: string;
}

export interface EndpointLine extends EndpointStats {
  endpointId: string;
  endpointName: string;
  team: string;
  channel: string;
  /** False also for a deleted endpoint that still has mailboxes. */
  enabled: boolean;
  waiting: number;
  running: number;
  /** Targets, those in trouble first. */
  targets: TargetLine[];
}

export interface ChannelLine extends EndpointStats {
  channel: string;
  waiting: number;
  running: number;
}

/** Backlog, deliveries in flight and recent counts of all endpoints; those in trouble first. */
export interface Overview {
  /** Redis' clock, epoch milliseconds. */
  at: number;
  channels: ChannelLine[];
  endpoints: EndpointLine[];
}

/** @param team team whose endpoints are returned; null for all */
export async function readOverview(
  redis: RedisClient,
  settings: Settings,
  channels: readonly Channel[],
  team: string | null,
): Promise<Overview> {
  const known = [...settings.endpoints.values()].filter((endpoint) => team === null || endpoint.team === team);
  const targets = new Map(known.map((endpoint) => [endpoint.id, targetsOfEndpoint(endpoint, channels)]));
  const names = [...targets].flatMap(([id, found]) => found.map((target) => targetName(id, target.id)));
  const { at, targets: views } = await inspect(redis, names);
  const byEndpoint = Map.groupBy(views, ({ endpointId }) => endpointId);
  const gone = [...byEndpoint].filter(
    ([id, [view]]) => !settings.endpoints.has(id) && (team === null || view?.endpointInfo?.team === team),
  );
  const stats = await readStats(redis, [...known.map(({ id }) => id), ...gone.map(([id]) => id)]);
  const endpoints = [
    ...known.map((endpoint) =>
      lineOf(endpoint, withIdle(endpoint.id, byEndpoint.get(endpoint.id) ?? [], targets.get(endpoint.id) ?? []), stats),
    ),
    ...gone.map(([id, found]) => lineOf(asItWas(id, found[0]), found.map(toTargetLine), stats)),
  ].sort(byTrouble);
  return { at, channels: channelLines(endpoints, team === null ? channels.map(({ type }) => type) : []), endpoints };
}

/** Targets of an endpoint; none if this process cannot read them. */
export function targetsOfEndpoint(endpoint: Endpoint, channels: readonly Channel[]): { id: string; label: string }[] {
  if (endpoint.unreadable !== undefined) return [];
  return channels.find(({ type }) => type === endpoint.channel)?.targets(endpoint.config) ?? [];
}

type EndpointFacts = Pick<Endpoint, 'id' | 'name' | 'team' | 'channel' | 'enabled'>;

const asItWas = (id: string, view: TargetView | undefined): EndpointFacts => ({
  id,
  name: view?.endpointInfo?.endpointName ?? id,
  team: view?.endpointInfo?.team ?? '',
  channel: view?.endpointInfo?.channel ?? '',
  enabled: false,
});

function lineOf(
  { id, name, team, channel, enabled }: EndpointFacts,
  targets: TargetLine[],
  stats: ReadonlyMap<string, EndpointStats>,
): EndpointLine {
  return {
    endpointId: id,
    endpointName: name,
    team,
    channel,
    enabled,
    waiting: sum(targets, 'waiting'),
    running: sum(targets, 'running'),
    ...(stats.get(id) ?? noStats()),
    targets: targets.sort(byRank),
  };
}

/** Every target of the settings, with its label of now, and those that are gone from them and still hold something. */
function withIdle(endpointId: string, views: readonly TargetView[], targets: { id: string; label: string }[]) {
  const labels = new Map(targets.map(({ id, label }) => [id, label]));
  const seen = new Set(views.map(({ targetId }) => targetId));
  const lines = views.map((view) => ({ ...toTargetLine(view), target: labels.get(view.targetId) ?? labelOf(view) }));
  const idle = targets.filter(({ id }) => !seen.has(id)).map(({ id, label }) => idleLine(endpointId, id, label));
  return [...lines, ...idle];
}

const labelOf = ({ endpointInfo, targetId }: TargetView): string => endpointInfo?.target ?? targetId;

function toTargetLine(view: TargetView): TargetLine {
  const { endpointInfo: _about, endpointId: _endpointId, ...rest } = view;
  return { ...rest, target: labelOf(view) };
}

/** A target at which nothing waits and that is well. */
export const idleLine = (endpointId: string, targetId: string, target: string): TargetLine => ({
  name: targetName(endpointId, targetId),
  targetId,
  target,
  waiting: 0,
  ready: 0,
  retrying: 0,
  replaying: 0,
  behind: 0,
  running: 0,
  waitingSince: undefined,
  state: 'idle',
  until: undefined,
  failures: 0,
  failingSince: undefined,
  failedAt: undefined,
  lastError: undefined,
});

const noStats = (): EndpointStats => ({ minute: noTally(), hour: noTally(), day: noTally() });

function channelLines(endpoints: readonly EndpointLine[], always: readonly string[]): ChannelLine[] {
  const lines = new Map<string, ChannelLine>();
  for (const channel of [...always, ...endpoints.map(({ channel }) => channel)])
    lines.set(channel, { channel, waiting: 0, running: 0, ...noStats() });
  for (const { channel, waiting, running, minute, hour, day } of endpoints) {
    const line = lines.get(channel) as ChannelLine;
    line.waiting += waiting;
    line.running += running;
    line.minute = addTallies(line.minute, minute);
    line.hour = addTallies(line.hour, hour);
    line.day = addTallies(line.day, day);
  }
  return [...lines.values()].sort((a, b) => b.waiting - a.waiting || (a.channel < b.channel ? -1 : 1));
}

const sum = (targets: readonly TargetLine[], field: 'waiting' | 'running'): number =>
  targets.reduce((total, target) => total + target[field], 0);

const rank = ({ state }: TargetLine): number => TARGET_STATES.indexOf(state);

const byRank = (a: TargetLine, b: TargetLine): number =>
  rank(a) - rank(b) || b.waiting - a.waiting || (a.target < b.target ? -1 : 1);

/** After targets in trouble come endpoints at which something died lately, though they answer well. */
const byTrouble = (a: EndpointLine, b: EndpointLine): number =>
  worst(a) - worst(b) ||
  b.hour.dead - a.hour.dead ||
  b.waiting - a.waiting ||
  (a.endpointName < b.endpointName ? -1 : 1);

const worst = ({ targets }: EndpointLine): number => (targets[0] ? rank(targets[0]) : TARGET_STATES.length);
