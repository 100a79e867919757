import type { AlertEvent } from '#libs/contracts';
import type { RedisClient } from '#libs/redis';

/** The last events of a team that no policy took, newest last. */
export const unroutedKey = (team: string): string => `tocsin:{unrouted}:${team}`;

const KEPT_MAX = 10_000;
/** They are kept to be recognised, not to be delivered: long texts are cut. */
const JSON_CHARS_MAX = 4_096;
const TEXT_CHARS_MAX = 256;

/** Keeps events that no policy took, so that people find out which policy is missing. */
export async function keepUnrouted(
  redis: RedisClient,
  team: string,
  events: readonly AlertEvent[],
  at: Date,
): Promise<void> {
  if (events.length === 0) return;
  const pipeline = redis.pipeline();
  for (const event of events) {
    const kept = JSON.stringify({ event: shortened(event), receivedAt: at.toISOString() });
    pipeline.xadd(unroutedKey(team), 'MAXLEN', KEPT_MAX, '*', 'event', kept);
  }
  const failed = (await pipeline.exec())?.find(([error]) => error !== null);
  if (failed) throw failed[0];
}

function shortened(event: AlertEvent): AlertEvent & { shortened?: true } {
  if (JSON.stringify(event).length <= JSON_CHARS_MAX) return event;
  const { id, policy, object, level, startsAt } = event;
  const cut = (text: string | undefined) => text?.slice(0, TEXT_CHARS_MAX);
  return {
    id,
    policy,
    object,
    level,
    objectName: cut(event.objectName),
    title: cut(event.title),
    content: cut(event.content),
    startsAt,
    shortened: true,
  };
}
