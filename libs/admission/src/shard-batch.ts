import type { Channel } from '#libs/channels';
import { type Endpoint, SEVERITY } from '#libs/contracts';
import { claimHash, seenHash } from '#libs/mailbox';
import type { IncomingEvent } from './admission-types.js';

/** How an event comes to an endpoint; anything but '' keeps a firing event out. */
export type Gate = '' | 'disabled' | 'level' | 'silenced' | 'former';

/** One event for one endpoint, on its way into a shard's script. */
export interface Candidate {
  incoming: IncomingEvent;
  endpoint: Endpoint;
  gate: Gate;
  /** No policy leads to the endpoint any more: unless the event is queued there, it does not count there. */
  former: boolean;
}

/** The arguments of the admission script for candidates of one shard, in the order they came. */
export function batchArguments(
  prefix: string,
  now: number | undefined,
  candidates: readonly Candidate[],
  channelOf: (type: string) => Channel | undefined,
): (string | number)[] {
  // By object, not by id: requests that share a script may have seen different settings.
  const endpoints = new Map<Endpoint, number>();
  const described: unknown[] = [];
  const events = new Map<IncomingEvent, number>();
  const texts: string[] = [];
  const items = candidates.map(({ incoming, endpoint, gate }) => {
    let e = endpoints.get(endpoint);
    if (e === undefined) {
      e = described.push(describe(endpoint, channelOf));
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
  return [prefix, now ?? '', JSON.stringify({ endpoints: described, items }), ...texts];
}

function describe(endpoint: Endpoint, channelOf: (type: string) => Channel | undefined): unknown {
  const channel = channelOf(endpoint.channel);
  return {
    id: endpoint.id,
    channel: endpoint.channel,
    period: endpoint.pushPeriodMs,
    max: endpoint.maxPushes,
    escalates: endpoint.pushOnEscalation,
    across: endpoint.periodAcrossRecovery,
    targets: channel?.targets(endpoint.config).map(({ id, label }) => ({ id, about: aboutOf(endpoint, label) })) ?? [],
  };
}

/** What the log says of the endpoint should its settings be gone when a delivery ends. */
const aboutOf = ({ id, name, team, channel }: Endpoint, target: string): string =>
  JSON.stringify({ endpointId: id, endpointName: name, team, channel, target });
