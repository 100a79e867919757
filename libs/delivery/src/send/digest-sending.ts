import { hash } from 'node:crypto';
import type { AlertEvent, Language, TextLimit } from '#libs/contracts';
import type { TakenDelivery } from '#libs/mailbox';
import { escapeValue } from '#libs/templates';
import type { OpenDestination } from '../destination/destination.js';
import { composeDigest } from './digest.js';
import type { Sending } from './send.js';

/** Where the provider has no limit. */
const CONTENT_MAX: TextLimit = { max: 50_000, unit: 'characters' };
/** Nine bytes: enough that no two digests of an installation share one. */
const ID_CHARS = 12;

/** The same as long as the same deliveries are told together. */
function digestId(taken: readonly TakenDelivery[]): string {
  const ids = taken.map(({ id }) => id).join(' ');
  return `dg_${hash('sha256', ids, 'base64url').slice(0, ID_CHARS)}`;
}

/** Several deliveries to a target in one message, oldest first as they were taken. */
export function digestSending(
  { endpoint, channel, target }: OpenDestination,
  taken: readonly [TakenDelivery, ...TakenDelivery[]],
  parts: { lang: Language; policyName(team: string, policy: string): string; now(): number },
): Sending {
  const id = digestId(taken);
  const told = taken.map((one) => {
    const event = JSON.parse(one.event) as AlertEvent;
    const policyName = parts.policyName(endpoint.team, event.policy);
    return { event, policyName, suppressedCount: one.suppressedCount };
  });
  const { title, content, level } = composeDigest(told, {
    id,
    lang: parts.lang,
    now: parts.now(),
    limit: target.content ?? channel.limits.content ?? CONTENT_MAX,
    write: (value) => escapeValue(value, channel.escaping),
  });
  const [first] = taken;
  const [oldest] = told;
  const ofOnePolicy = oldest && told.every(({ event }) => event.policy === oldest.event.policy) ? oldest : undefined;
  return {
    channel,
    endpoint,
    target,
    event: { id, policy: ofOnePolicy?.event.policy ?? '', object: '', level, title, content },
    text: { title, content },
    delivery: {
      id,
      suppressedCount: told.reduce((sum, { suppressedCount }) => sum + suppressedCount, 0),
      delayedByMs: first.delayedByMs,
      thread: { id },
      ...(first.earlier && { earlier: first.earlier }),
    },
    policyName: ofOnePolicy?.policyName ?? '',
    lang: parts.lang,
  };
}
