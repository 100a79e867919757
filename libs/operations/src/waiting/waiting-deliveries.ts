import type { AlertEvent } from '#libs/contracts';
import type { EndpointInfo } from '#libs/mailbox';
import {
  ledgerKey,
  MAILBOX_LUA,
  mailboxLua,
  parseTargetName,
  shardOf,
  shardOfDelivery,
  shardPrefix,
} from '#libs/mailbox';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { endpointInfoOf, type FilledMailbox, filledMailboxes } from './filled-mailboxes.js';

const LIST = defineScript('list-waiting', [MAILBOX_LUA, mailboxLua('list-waiting')], { whenFull: true });
const FIND = defineScript('find-delivery', [MAILBOX_LUA, mailboxLua('find-delivery')], { whenFull: true });

/** A script blocks Redis while it runs: a millisecond for so many. */
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

/** Where a list of waiting deliveries goes on. */
export interface WaitingCursor {
  target: string;
  /** Where in the mailbox, and behind which id there. */
  scan: string;
  after: string;
}

type Row = [id: string, event: string, createdAt: number, nextAt: number];
type Portion = [scan: string, rows: Row[]];
type FoundReply = [
  channel: string,
  target: string,
  about: string,
  event: string,
  createdAt: number,
  attempts: number,
  nextAt: number,
  inFlight: number,
];

/**
 * A page of an endpoint's deliveries that were never tried and are not being sent, in no order. What waits all the time
 * that somebody pages through it is shown; what comes or goes meanwhile may be. A page may hold fewer than asked for,
 * or none, and yet not be the last.
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
      const [next, portions] = await scan(redis, name, cursor.scan);
      for (const [at, rows] of portions) {
        for (const row of rows.toSorted(byId)) {
          if (at === cursor.scan && row[0] <= cursor.after) continue;
          if (items.length === limit) return { items, next: cursor };
          const delivery = toDelivery(row, mailbox);
          if (accept(delivery)) items.push(delivery);
          cursor = { target: name, scan: at, after: row[0] };
        }
      }
      cursor = { target: name, scan: next, after: '' };
    } while (cursor.scan !== '0');
  }
  return { items, next: undefined };
}

/** A delivery by its id; undefined where no mailbox has it (any more). */
export async function findPending(redis: RedisClient, id: string): Promise<PendingDelivery | undefined> {
  const shard = shardOfDelivery(id);
  if (shard === undefined) return undefined;
  const found = await runScript(redis, FIND, ledgerKey(shard), [shardPrefix(shard), '', id]);
  if ((found as unknown[]).length === 0) return undefined;
  const [channel, target, about, event, createdAt, attempts, nextAt, inFlight] = found as FoundReply;
  const mailbox = { target, endpointInfo: endpointInfoOf(channel, target, about) };
  return { ...toDelivery([id, event, createdAt, nextAt], mailbox), attempts, inFlight: inFlight === 1 };
}

async function mailboxesOf(redis: RedisClient, endpointId: string, from = ''): Promise<FilledMailbox[]> {
  const found = await filledMailboxes(redis, endpointId);
  return found.filter(({ target }) => target >= from).sort((a, b) => (a.target < b.target ? -1 : 1));
}

async function scan(redis: RedisClient, target: string, cursor: string): Promise<[string, Portion[]]> {
  const shard = shardOf(parseTargetName(target).endpointId);
  const args = [shardPrefix(shard), '', target, cursor, LOOK_A_SCRIPT];
  return (await runScript(redis, LIST, ledgerKey(shard), args)) as [string, Portion[]];
}

const byId = ([a]: Row, [b]: Row): number => (a < b ? -1 : 1);

const toDelivery = (
  [id, event, createdAt, nextAt]: Row,
  { target, endpointInfo }: Pick<FilledMailbox, 'target' | 'endpointInfo'>,
): PendingDelivery => ({
  id,
  target,
  endpointInfo,
  event: JSON.parse(event) as AlertEvent,
  createdAt,
  attempts: 0,
  nextAttemptAt: nextAt || undefined,
  inFlight: false,
});
