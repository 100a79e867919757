import type { AlertEvent, Attempt, Language, Outcome } from '#libs/contracts';
import type { Settlement, TakenDelivery } from '#libs/mailbox';
import type { OpenDestination } from '../destination/destination.js';
import { digestSending } from './digest-sending.js';
import { type SendDeps, type Sending, send } from './send.js';
import { decide, type Verdict } from './settle-table.js';
import { threadId } from './thread.js';

/**
 * One attempt, from deliveries to their settlements: one delivery in a message of its own, or several in a digest. A
 * delivery behind others of its key is settled only if the digest is delivered.
 */
export type Deliver = (destination: OpenDestination, taken: readonly TakenDelivery[]) => Promise<Settlement[]>;

/** One attempt of one delivery, for the log. */
export interface AttemptReport {
  deliveryId: string;
  endpointId: string;
  endpointName: string;
  channel: string;
  target: string;
  attempt: Attempt;
  verdict: Verdict['verdict'];
}

export interface DeliverDeps extends SendDeps {
  lang: Language;
  policyName(team: string, policy: string): string;
  now(): number;
  random(): number;
  report(attempt: AttemptReport): void;
}

export function createDeliver(deps: DeliverDeps): Deliver {
  return async (destination, taken) => {
    const { endpoint, channel, target } = destination;
    const [first, ...others] = taken;
    if (!first) return [];
    const isDigest = others.length > 0;
    const startedAt = deps.now();
    const sending = isDigest
      ? digestSending(destination, [first, ...others], deps)
      : singleSending(destination, first, deps);
    const { outcome, templateError } = await send(sending, deps);
    const endedAt = deps.now();
    const random = deps.random();
    const settled = outcome.kind === 'delivered' ? taken : taken.filter(({ behind }) => !behind);
    const together = outcome.kind === 'rejected' ? halfOf(taken) : undefined;
    return settled.map((one) => {
      const attempt = attemptOf(one, outcome, startedAt, endedAt, templateError);
      const { failures } = one;
      const ageMs = one.ageMs + endedAt - startedAt;
      const { expireAfterMs } = endpoint;
      const verdict: Verdict = together
        ? { verdict: 'again', delayMs: 0, failures, maybe: false, named: false }
        : decide(outcome, { failures, attempt: one.attempt, ageMs, expireAfterMs, random });
      deps.report({
        deliveryId: one.id,
        endpointId: endpoint.id,
        endpointName: endpoint.name,
        channel: channel.type,
        target: target.label,
        attempt,
        verdict: verdict.verdict,
      });
      const { partial, remaining, receipt } = outcome;
      const digest = isDigest && { digest: { id: sending.delivery.id, first: one === first }, together };
      return { id: one.id, attempt: one.attempt, tried: attempt, partial, remaining, receipt, ...digest, ...verdict };
    });
  };
}

/**
 * How many deliveries of a refused digest share the next one: halving finds the one that is refused. Undefined for a
 * single message, and if some recipients accepted the digest, since the others would refuse each part of it too.
 */
function halfOf(taken: readonly TakenDelivery[]): number | undefined {
  return taken.length > 1 && !taken[0]?.earlier ? Math.floor(taken.length / 2) : undefined;
}

/** Composes a message of one delivery. */
function singleSending(
  { endpoint, channel, target }: OpenDestination,
  taken: TakenDelivery,
  deps: DeliverDeps,
): Sending {
  const event = JSON.parse(taken.event) as AlertEvent;
  return {
    channel,
    endpoint,
    target,
    event,
    delivery: {
      id: taken.id,
      suppressedCount: taken.suppressedCount,
      delayedByMs: taken.delayedByMs,
      thread: {
        id: threadId(endpoint, event, taken.episode),
        ...(taken.follows && { follows: taken.follows }),
        ...(taken.receipt && { receipt: taken.receipt }),
      },
      ...(taken.earlier && { earlier: taken.earlier }),
    },
    policyName: deps.policyName(endpoint.team, event.policy),
    lang: deps.lang,
  };
}

function attemptOf(
  { attempt }: TakenDelivery,
  outcome: Outcome,
  startedAt: number,
  endedAt: number,
  templateError: string | undefined,
): Attempt {
  const message = [outcome.message, templateError].filter((text) => text !== undefined).join('; ');
  return {
    n: attempt,
    startedAt,
    durationMs: endedAt - startedAt,
    outcome: outcome.kind,
    ...(outcome.code === undefined ? {} : { code: outcome.code }),
    ...(message === '' ? {} : { message }),
    ...(outcome.excerpt === undefined ? {} : { excerpt: outcome.excerpt }),
  };
}
