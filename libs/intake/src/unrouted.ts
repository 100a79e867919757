import type { AlertEvent } from '#libs/contracts';
import type { RedisClient } from '#libs/redis';

/** An event that no policy took. */
export interface UnroutedEvent {
  id: string;
  receivedAt: string | null;
  event: unknown;
}

const EVENTS_MAX = 10_000;
/** Events are stored to be recognised, not to be delivered: long texts are cut. */
const JSON_CHARS_MAX = 4_096;
const TEXT_CHARS_MAX = 256;

type Entry = [id: string, fields: string[]];

/** The stream of the last events of a team that no policy took. */
export const unroutedKey = (team: string): string => `tocsin:{unrouted}:${team}`;

/** Records events that no policy took, so that people find out which policy is missing. */
export async function recordUnrouted(
  redis: RedisClient,
  team: string,
  events: readonly AlertEvent[],
  at: Date,
): Promise<void> {
  if (events.length === 0) return;
  const pipeline = redis.pipeline();
  for (const event of events) {
    const entry = JSON.stringify({ event: shortened(event), receivedAt: at.toISOString() });
    pipeline.xadd(unroutedKey(team), 'MAXLEN', EVENTS_MAX, '*', 'event', entry);
  }
  const failed = (await pipeline.exec())?.find(([error]) => error !== null);
  if (failed) throw failed[0];
}

/** Reads unrouted events of a team, newest first. @param before the id after which the list continues */
export async function readUnrouted(
  redis: RedisClient,
  team: string,
  limit: number,
  before?: string,
): Promise<UnroutedEvent[]> {
  const newest = before === undefined ? '+' : `(${before}`;
  const entries = (await redis.xrevrange(unroutedKey(team), newest, '-', 'COUNT', limit)) as Entry[];
  return entries.map(toEvent);
}

/** The id of an unrouted event; undefined if the text is none. */
export function parseUnroutedId(text: string): string | undefined {
  const match = /^(\d{1,20})-(\d{1,20})$/.exec(text);
  const fits = match?.slice(1).every((part) => BigInt(part) < 2n ** 64n);
  return fits ? text : undefined;
}

/** An entry that cannot be read is listed without its event, so that it does not hide the others. */
function toEvent([id, fields]: Entry): UnroutedEvent {
  const entry = fields[fields.findIndex((field, i) => i % 2 === 0 && field === 'event') + 1];
  try {
    const { event, receivedAt } = JSON.parse(entry ?? '') as { event: unknown; receivedAt: string };
    return { id, receivedAt, event };
  } catch {
    return { id, receivedAt: null, event: null };
  }
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
