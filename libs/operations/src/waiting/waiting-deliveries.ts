import type { AlertEvent } from '#libs/contracts';
import {
  type EndpointInfo,
  type FilledMailbox,
  filledMailboxes,
  findDelivery,
  listWaitingIn,
  readEndpointInfo,
  unknownEndpoint,
  type WaitingDelivery,
} from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';

/** Most deliveries of one script, which blocks Redis for a millisecond. */
const LOOK_A_SCRIPT = 200;
/** One page looks at 10,000 deliveries at most, however few of them pass its filters. */
const SCRIPTS_A_PAGE = 50;

/** A delivery that is in a mailbox still. Times are epoch milliseconds. */
export interface PendingDelivery {
  id: string;
  /** `endpoint.target` */
  target: string;
  endpointInfo: EndpointInfo;
  event: AlertEvent;
  createdAt: number;
  attempts: number;
  nextAttemptAt: number | undefined;
  /** It is being sent right now. */
  inFlight: boolean;
}

/** Position in a list of waiting deliveries. */
export interface WaitingCursor {
  target: string;
  /** Position in the mailbox, and the last id shown there. */
  scan: string;
  after: string;
}

/**
 * A page of an endpoint's deliveries that were never tried and are not in flight, unordered. Deliveries that wait during the
 * whole listing are shown; those that arrive or end meanwhile may be. A page may have fewer than the limit, or none, and
 * not be the last.
 */
export async function listWaiting(
  redis: RedisClient,
  endpointId: string,
  { limit, accept, from }: { limit: number; accept: (delivery: PendingDelivery) => boolean; from?: WaitingCursor },
): Promise<{ items: PendingDelivery[]; next: WaitingCursor | undefined }> {
  const items: PendingDelivery[] = [];
  let scripts = 0;
  for (const mailbox of await mailboxesOf(redis, endpointId, from?.target)) {
    const { target: name } = mailbox;
    let cursor: WaitingCursor = from?.target === name ? from : { target: name, scan: '0', after: '' };
    do {
      if (scripts++ === SCRIPTS_A_PAGE) return { items, next: cursor };
      const { cursor: next, portions } = await listWaitingIn(redis, name, cursor.scan, LOOK_A_SCRIPT);
      for (const { cursor: at, deliveries } of portions) {
        for (const row of deliveries.toSorted(byId)) {
          if (at === cursor.scan && row.id <= cursor.after) continue;
          if (items.length === limit) return { items, next: cursor };
          const delivery = toDelivery(row, mailbox);
          if (accept(delivery)) items.push(delivery);
          cursor = { target: name, scan: at, after: row.id };
        }
      }
      cursor = { target: name, scan: next, after: '' };
    } while (cursor.scan !== '0');
  }
  return { items, next: undefined };
}

/** A delivery by its id; undefined if no mailbox has it. */
export async function findPending(redis: RedisClient, id: string): Promise<PendingDelivery | undefined> {
  const found = await findDelivery(redis, id);
  if (!found) return undefined;
  const { channel, target, attempts, inFlight, ...delivery } = found;
  const endpointInfo = readEndpointInfo(found.endpointInfo, channel, target) ?? unknownEndpoint(channel, target);
  return { ...toDelivery({ ...delivery, id }, { target, endpointInfo }), attempts, inFlight };
}

async function mailboxesOf(redis: RedisClient, endpointId: string, from = ''): Promise<FilledMailbox[]> {
  const found = await filledMailboxes(redis, endpointId);
  return found.filter(({ target }) => target >= from).sort((a, b) => (a.target < b.target ? -1 : 1));
}

const byId = (a: WaitingDelivery, b: WaitingDelivery): number => (a.id < b.id ? -1 : 1);

const toDelivery = (
  { id, event, createdAt, nextAt }: WaitingDelivery,
  { target, endpointInfo }: Pick<FilledMailbox, 'target' | 'endpointInfo'>,
): PendingDelivery => ({
  id,
  target,
  endpointInfo,
  event: JSON.parse(event) as AlertEvent,
  createdAt,
  attempts: 0,
  nextAttemptAt: nextAt,
  inFlight: false,
});
