import type { AlertEvent, Attempt, Language, Outcome } from '#libs/contracts';
import type { Settlement, TakenDelivery } from '#libs/mailbox';
import type { OpenDestination } from '../destination/destination.js';
import { digestSending } from './digest-sending.js';
import { type SendDeps, type Sending, sendLeased } from './send.js';
import { decide, type Verdict } from './settle-table.js';
import { threadId } from './thread.js';
import type { SendLease } from './write-gate.js';

/**
 * One attempt, from deliveries to their settlements: one delivery in a message of its own, or several in a digest. A
 * delivery behind others of its key is settled only if the digest is delivered.
 */
export type Deliver = (
  destination: OpenDestination,
  taken: readonly TakenDelivery[],
  lease: SendLease,
) => Promise<Settlement[]>;

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

/** A message that was not sent, because the in-flight lease of its deliveries had run out. */
export interface DropReport extends Omit<AttemptReport, 'deliveryId' | 'attempt' | 'verdict'> {
  deliveryIds: string[];
}

export interface DeliverDeps extends SendDeps {
  lang: Language;
  policyName(team: string, policy: string): string;
  /** The time of day, in epoch milliseconds. */
  now(): number;
  /** A monotonic clock, in milliseconds. */
  monotonicNow(): number;
  random(): number;
  report(attempt: AttemptReport): void;
  reportDrop(drop: DropReport): void;
}

export function createDeliver(deps: DeliverDeps): Deliver {
  return async (destination, taken, lease) => {
    const { endpoint, channel, target } = destination;
    const [first, ...others] = taken;
    if (!first) return [];
    const isDigest = others.length > 0;
    const startedAt = deps.now();
    const begin = deps.monotonicNow();
    const sending = isDigest
      ? digestSending(destination, [first, ...others], deps)
      : singleSending(destination, first, deps);
    const names = {
      endpointId: endpoint.id,
      endpointName: endpoint.name,
      channel: channel.type,
      target: target.label,
    };
    const sent = await sendLeased(sending, deps, lease);
    if (!sent) {
      const released = taken.filter(({ behind }) => !behind);
      deps.reportDrop({ deliveryIds: released.map(({ id }) => id), ...names });
      return released.map(({ id, attempt }) => ({ id, attempt, verdict: 'released' }));
    }
    const { outcome, templateError } = sent;
    const durationMs = Math.round(deps.monotonicNow() - begin);
    const random = deps.random();
    const settled = outcome.kind === 'delivered' ? taken : taken.filter(({ behind }) => !behind);
    const together = outcome.kind === 'rejected' ? halfOf(taken) : undefined;
    return settled.map((one) => {
      const attempt = attemptOf(one, outcome, { startedAt, durationMs }, templateError);
      const { failures } = one;
      const ageMs = one.ageMs + durationMs;
      const { expireAfterMs } = endpoint;
      const verdict: Verdict = together
        ? { verdict: 'again', delayMs: 0, failures, maybe: false, named: false }
        : decide(outcome, { failures, attempt: one.attempt, ageMs, expireAfterMs, random });
      deps.report({
        deliveryId: one.id,
        ...names,
        attempt,
        verdict: verdict.verdict,
      });
      const { partial, remaining, receipt } = outcome;
      const digest = isDigest && { digest: { id: sending.delivery.id, first: one === first }, together };
      const { id, behind } = one;
      return { id, attempt: one.attempt, tried: attempt, partial, remaining, receipt, behind, ...digest, ...verdict };
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
  { startedAt, durationMs }: Pick<Attempt, 'startedAt' | 'durationMs'>,
  templateError: string | undefined,
): Attempt {
  const message = [outcome.message, templateError].filter((text) => text !== undefined).join('; ');
  return {
    n: attempt,
    startedAt,
    durationMs,
    outcome: outcome.kind,
    ...(outcome.code === undefined ? {} : { code: outcome.code }),
    ...(message === '' ? {} : { message }),
    ...(outcome.excerpt === undefined ? {} : { excerpt: outcome.excerpt }),
  };
}
