import { z } from 'zod';
import { fallbackOf, replayOf } from '#libs/contracts';
import { listWaiting, type PendingDelivery, type WaitingCursor } from '#libs/operations';
import type { DeliveryItem } from '#libs/persistence';
import type { RedisClient } from '#libs/redis';
import type { ListQuery } from './delivery.schemas.js';

/** A page of waiting deliveries of an endpoint that match the other filters; newest first within the page. */
export async function waitingPage(
  redis: RedisClient,
  query: ListQuery & { endpoint: string },
  team: string | null,
  from: WaitingCursor | undefined,
): Promise<{ items: DeliveryItem[]; nextCursor: string | null }> {
  const accept = (delivery: PendingDelivery) => passes(delivery, query, team);
  const { items, next } = await listWaiting(redis, query.endpoint, {
    limit: query.limit,
    accept,
    ...(from && { from }),
  });
  return {
    items: items.sort((a, b) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1)).map(toItem),
    nextCursor: next ? encodeWaitingCursor(next) : null,
  };
}

type Filters = Pick<ListQuery, 'channel' | 'policy' | 'object' | 'level' | 'digest' | 'from' | 'to'>;

/** Whether a delivery belongs to the team and matches all filters. */
export function passes(
  { endpointInfo, event, createdAt }: PendingDelivery,
  { channel, policy, object, level, digest, from, to }: Filters,
  team: string | null,
): boolean {
  const is = (asked: string | undefined, found: string) => asked === undefined || asked === found;
  return (
    (team === null || endpointInfo.team === team) &&
    is(channel, endpointInfo.channel) &&
    is(policy, event.policy) &&
    is(object, event.object) &&
    is(level, event.level) &&
    // A waiting delivery is in no digest.
    digest === undefined &&
    (from === undefined || createdAt >= from.getTime()) &&
    (to === undefined || createdAt < to.getTime())
  );
}

const isReplay = (id: string): boolean => replayOf(id).replay > 0;

/** A waiting delivery in the format of the log. Only the log has the messages of earlier failed attempts. */
export function toItem({ id, endpointInfo, event, createdAt, attempts, nextAttemptAt }: PendingDelivery): DeliveryItem {
  return {
    id,
    eventId: event.id,
    ...endpointInfo,
    policy: event.policy,
    object: event.object,
    level: event.level,
    title: event.title ?? null,
    status: attempts === 0 ? 'waiting' : 'retrying',
    reason: null,
    attemptCount: attempts,
    lastError: null,
    partial: [],
    fallbackOf: fallbackOf(id) ?? null,
    replayOf: isReplay(id) ? replayOf(id).baseId : null,
    digest: null,
    createdAt: new Date(createdAt),
    finishedAt: null,
    nextAttemptAt: nextAttemptAt === undefined ? null : new Date(nextAttemptAt),
  };
}

const placeSchema = z.tuple([z.string().max(200), z.string().regex(/^\d{1,20}$/), z.string().max(200)]);

const encodeWaitingCursor = ({ target, scan, after }: WaitingCursor): string =>
  Buffer.from(JSON.stringify([target, scan, after])).toString('base64url');

/** Parses a cursor of waiting deliveries; undefined if the text is not one. */
export function decodeWaitingCursor(text: string, endpointId: string): WaitingCursor | undefined {
  try {
    const [target, scan, after] = placeSchema.parse(JSON.parse(Buffer.from(text, 'base64url').toString('utf8')));
    return target.startsWith(`${endpointId}.`) ? { target, scan, after } : undefined;
  } catch {
    return undefined;
  }
}
