import { hash } from 'node:crypto';
import type { AlertEvent, Language, TextLimit } from '#libs/contracts';
import type { TakenDelivery } from '#libs/mailbox';
import { escapeValue } from '#libs/templates';
import type { OpenDestination } from '../destination/destination.js';
import { composeDigest } from './digest.js';
import type { Sending } from './send.js';

/** Length of a digest if the provider has no limit. */
const CONTENT_MAX: TextLimit = { max: 50_000, unit: 'characters' };
/** Nine bytes, enough that ids of one installation do not collide. */
const ID_CHARS = 12;

/** The id of a digest; a retry with the same deliveries has the same one. */
function digestId(taken: readonly TakenDelivery[]): string {
  const ids = taken.map(({ id }) => id).join(' ');
  return `dg_${hash('sha256', ids, 'base64url').slice(0, ID_CHARS)}`;
}

/** Composes one message of several deliveries to a target, which are ordered from the oldest. */
export function digestSending(
  { endpoint, channel, target }: OpenDestination,
  taken: readonly [TakenDelivery, ...TakenDelivery[]],
  deps: { lang: Language; policyName(team: string, policy: string): string; now(): number },
): Sending {
  const id = digestId(taken);
  const entries = taken.map((one) => {
    const event = JSON.parse(one.event) as AlertEvent;
    const policyName = deps.policyName(endpoint.team, event.policy);
    return { event, policyName, suppressedCount: one.suppressedCount };
  });
  const { title, content, level } = composeDigest(entries, {
    id,
    lang: deps.lang,
    now: deps.now(),
    limit: target.content ?? channel.limits.content ?? CONTENT_MAX,
    write: (value) => escapeValue(value, channel.escaping),
  });
  const [first] = taken;
  const [oldest] = entries;
  const onePolicy = oldest && entries.every(({ event }) => event.policy === oldest.event.policy) ? oldest : undefined;
  return {
    channel,
    endpoint,
    target,
    event: { id, policy: onePolicy?.event.policy ?? '', object: '', level, title, content },
    text: { title, content },
    delivery: {
      id,
      suppressedCount: entries.reduce((sum, { suppressedCount }) => sum + suppressedCount, 0),
      delayedByMs: first.delayedByMs,
      thread: { id },
      ...(first.earlier && { earlier: first.earlier }),
    },
    policyName: onePolicy?.policyName ?? '',
    lang: deps.lang,
  };
}
