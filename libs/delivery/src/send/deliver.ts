import type { AlertEvent, Attempt, Language, Outcome } from '#libs/contracts';
import type { Settlement, TakenDelivery } from '#libs/mailbox';
import type { OpenDestination } from '../destination/destination.js';
import { digestSending } from './digest-sending.js';
import { type Sending, type SendParts, send } from './send.js';
import { decide, type Verdict } from './settle-table.js';
import { threadId } from './thread.js';

/**
 * One attempt, from the events to what is to be settled: one delivery in a message of its own, or several in a digest.
 * What stands behind others in a digest is settled only if that is delivered.
 */
export type Deliver = (destination: OpenDestination, taken: readonly TakenDelivery[]) => Promise<Settlement[]>;

/** What is told of each attempt, for logs and metrics. */
export interface AttemptReport {
  deliveryId: string;
  endpointId: string;
  endpointName: string;
  channel: string;
  target: string;
  attempt: Attempt;
  verdict: Verdict['verdict'];
}

export interface DeliverParts extends SendParts {
  lang: Language;
  policyName(team: string, policy: string): string;
  now(): number;
  random(): number;
  report(attempt: AttemptReport): void;
}

export function createDeliver(parts: DeliverParts): Deliver {
  return async (destination, taken) => {
    const { endpoint, channel, target } = destination;
    const [first, ...others] = taken;
    if (!first) return [];
    const isDigest = others.length > 0;
    const startedAt = parts.now();
    const sending = isDigest
      ? digestSending(destination, [first, ...others], parts)
      : sendingOf(destination, first, parts);
    const { outcome, templateError } = await send(sending, parts);
    const endedAt = parts.now();
    const random = parts.random();
    const settled = outcome.kind === 'delivered' ? taken : taken.filter(({ behind }) => !behind);
    const together = outcome.kind === 'rejected' ? fewerThan(taken) : undefined;
    return settled.map((one) => {
      const attempt = attemptOf(one, outcome, startedAt, endedAt, templateError);
      const { failures } = one;
      const ageMs = one.ageMs + endedAt - startedAt;
      const { expireAfterMs } = endpoint;
      const verdict: Verdict = together
        ? { verdict: 'again', delayMs: 0, failures, maybe: false, named: false }
        : decide(outcome, { failures, attempt: one.attempt, ageMs, expireAfterMs, random });
      parts.report({
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
 * How many of a digest that was refused are told together the next time: one of them may have spoilt it for all, and is
 * found so. Undefined where it was none; and where some recipients took it, who refuses it now refuses each of it.
 */
function fewerThan(taken: readonly TakenDelivery[]): number | undefined {
  return taken.length > 1 && !taken[0]?.earlier ? Math.floor(taken.length / 2) : undefined;
}

/** A delivery in a message of its own. */
function sendingOf({ endpoint, channel, target }: OpenDestination, taken: TakenDelivery, parts: DeliverParts): Sending {
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
    policyName: parts.policyName(endpoint.team, event.policy),
    lang: parts.lang,
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
