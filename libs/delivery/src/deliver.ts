import type { AlertEvent, Attempt, Language, Outcome } from '#libs/contracts';
import type { Destination } from './destination.js';
import type { Settlement, Taken } from './mailbox-types.js';
import { type SendParts, send } from './send.js';
import { decide, type Verdict } from './settle-table.js';
import { threadId } from './thread.js';

/** One attempt at a delivery, from the event to what is to be settled. */
export type Deliver = (destination: OpenDestination, taken: Taken) => Promise<Settlement>;
type OpenDestination = Extract<Destination, { open: true }>;

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
    const event = JSON.parse(taken.event) as AlertEvent;
    const startedAt = parts.now();
    const { outcome, templateError } = await send(
      {
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
          },
          ...(taken.earlier && { earlier: taken.earlier }),
        },
        policyName: parts.policyName(endpoint.team, event.policy),
        lang: parts.lang,
      },
      parts,
    );
    const endedAt = parts.now();
    const attempt = attemptOf(taken, outcome, startedAt, endedAt, templateError);
    const verdict = decide(outcome, {
      failures: taken.failures,
      attempt: taken.attempt,
      ageMs: taken.ageMs + endedAt - startedAt,
      expireAfterMs: endpoint.expireAfterMs,
      random: parts.random(),
    });
    parts.report({
      deliveryId: taken.id,
      endpointId: endpoint.id,
      endpointName: endpoint.name,
      channel: channel.type,
      target: target.label,
      attempt,
      verdict: verdict.verdict,
    });
    const { partial, remaining } = outcome;
    return { id: taken.id, attempt: taken.attempt, tried: attempt, partial, remaining, ...verdict };
  };
}

function attemptOf(
  { attempt }: Taken,
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
