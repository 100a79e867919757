import { randomUUID } from 'node:crypto';
import type { Channel, Target } from '#libs/channels';
import type { AlertEvent, Endpoint, Language, Outcome, OutcomeKind } from '#libs/contracts';
import type { Grant } from '#libs/delivery';
import { type SendDeps, send, threadId } from '#libs/delivery';

/** Result of a test at one target. */
export interface TargetTest {
  target: string;
  ok: boolean;
  /** The result in words. */
  detail: string;
  /** Beginning of the provider's answer; empty if there was none. */
  providerResponse: string;
  durationMs: number;
}
export interface EndpointTest {
  /** Whether every target's provider accepted the message. */
  ok: boolean;
  targets: TargetTest[];
}

export interface TestParts extends SendDeps {
  lang: Language;
  /** The time of day, in epoch milliseconds. */
  now(): number;
  /** A monotonic clock, in milliseconds. */
  monotonicNow(): number;
  sleep(ms: number): Promise<unknown>;
  /** Requests a send of the target's credential. */
  ask(endpoint: Endpoint, target: Target, takesMs: number): Promise<Grant>;
}

/** Template of the test's plain text, for endpoints without their own. */
const BARE = { title: '{{ title }}', content: '{{ content }}' };

/** Sends a test message to every target of an endpoint, rendered and sent like any delivery but neither queued nor counted. */
export async function testEndpoint(endpoint: Endpoint, channel: Channel, parts: TestParts): Promise<EndpointTest> {
  const text = channel.testText ?? `${channel.label} setting validated`;
  const tested = { ...endpoint, template: { ...(channel.readBy === 'people' && BARE), ...endpoint.template } };
  const event: AlertEvent = {
    id: randomUUID(),
    policy: 'tocsin-test',
    object: endpoint.name,
    level: 'info',
    title: text,
    content: text,
    startsAt: new Date(parts.now()).toISOString(),
  };
  const targets = await Promise.all(
    channel.targets(endpoint.config).map(async (target): Promise<TargetTest> => {
      const grant = await grantOf(() => parts.ask(endpoint, target, channel.timeoutMs(endpoint.config)), parts);
      if (grant.count === 0) return rateUsedUp(target, grant);
      const begin = parts.monotonicNow();
      const thread = { id: threadId(endpoint, event, 0) };
      const delivery = { id: `test-${randomUUID()}`, suppressedCount: 0, delayedByMs: 0, thread, test: true } as const;
      const { outcome, templateError } = await send(
        { channel, endpoint: tested, target, event, delivery, policyName: event.policy, lang: parts.lang },
        parts,
      );
      // If this fails, the send counts until its time has passed.
      await grant.finish(1).catch(() => {});
      return {
        target: target.label,
        ok: outcome.kind === 'delivered' && !outcome.partial?.length,
        detail: detailOf(outcome, templateError),
        providerResponse: outcome.excerpt ?? '',
        durationMs: Math.round(parts.monotonicNow() - begin),
      };
    }),
  );
  return { ok: targets.length > 0 && targets.every(({ ok }) => ok), targets };
}

/** Longest wait for the credential's rate, so that a second try shows the provider's answer, not the rate limit. */
const WAIT_MS_MAX = 10_000;

async function grantOf(ask: () => Promise<Grant>, { sleep }: Pick<TestParts, 'sleep'>): Promise<Grant> {
  let grant = await ask();
  for (let left = WAIT_MS_MAX; grant.count === 0 && grant.waitMs <= left; grant = await ask()) {
    const pauseMs = Math.max(1, grant.waitMs);
    left -= pauseMs;
    await sleep(pauseMs);
  }
  return grant;
}

/** The result in one line of words. */
function detailOf({ kind, code, message, partial }: Outcome, templateError: string | undefined): string {
  const result = partial?.length ? `accepted, but not for ${partial.join(', ')}` : RESULTS[kind];
  const reason =
    message === undefined || code === undefined || message.includes(code) ? message : `${code}: ${message}`;
  return [result, reason, templateError].filter((part) => part !== undefined).join(': ');
}

const RESULTS: Readonly<Record<OutcomeKind, string>> = {
  delivered: 'delivered',
  rejected: 'rejected',
  misconfigured: 'misconfigured',
  throttled: 'throttled',
  unavailable: 'unavailable',
  unknown: 'no answer, so it may have arrived',
};

function rateUsedUp(target: Target, { waitMs }: Grant): TargetTest {
  const seconds = Math.ceil(waitMs / 1_000);
  const detail = `not sent: the rate limit of its credential is used up; try again in ${seconds} s`;
  return { target: target.label, ok: false, detail, providerResponse: '', durationMs: 0 };
}
