import type { AlertEvent } from '#libs/contracts';
import { ledgerKey, MAILBOX_LUA, parseTargetName, shardOf, shardOfDelivery, shardPrefix } from '#libs/mailbox';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import { readAbout } from './inspect.js';
import type { About } from './mailboxes.js';

const lua = (name: string): URL => new URL(`./lua/${name}.lua`, import.meta.url);
const LIST = defineScript('list-waiting', [MAILBOX_LUA, lua('list-waiting')], { whenFull: true });
const FIND = defineScript('find-delivery', [MAILBOX_LUA, lua('find-delivery')], { whenFull: true });

/** A script blocks Redis while it runs: a millisecond for so many. */
const LOOK_A_SCRIPT = 200;
/** One page looks at 10,000 deliveries at most, however few of them pass its filters. */
const SCRIPTS_A_PAGE = 50;

/** A delivery that is in a mailbox still. Times are epoch milliseconds. */
export interface PendingDelivery {
  id: string;
  about: About;
  event: AlertEvent;
  createdAt: number;
  attempts: number;
  nextAttemptAt: number | undefined;
}

/** Where a list of waiting deliveries goes on. */
export interface WaitingPlace {
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
];

/**
 * A page of an endpoint's deliveries that were never tried and are not being sent, in no order. What waits all the time
 * that somebody pages through it is shown; what comes or goes meanwhile may be. A page may hold fewer than asked for,
 * or none, and yet not be the last.
 */
export async function listWaiting(
  redis: RedisClient,
  endpointId: string,
  { limit, accept, from }: { limit: number; accept: (delivery: PendingDelivery) => boolean; from?: WaitingPlace },
): Promise<{ items: PendingDelivery[]; next: WaitingPlace | undefined }> {
  const items: PendingDelivery[] = [];
  let scripts = 0;
  for (const { name, about } of await mailboxesOf(redis, endpointId, from?.target)) {
    let place: WaitingPlace = from?.target === name ? from : { target: name, scan: '0', after: '' };
    do {
      if (scripts++ === SCRIPTS_A_PAGE) return { items, next: place };
      const [next, portions] = await scan(redis, name, place.scan);
      for (const [at, rows] of portions) {
        for (const row of rows.toSorted(byId)) {
          if (at === place.scan && row[0] <= place.after) continue;
          if (items.length === limit) return { items, next: place };
          const delivery = toDelivery(row, about);
          if (accept(delivery)) items.push(delivery);
          place = { target: name, scan: at, after: row[0] };
        }
      }
      place = { target: name, scan: next, after: '' };
    } while (place.scan !== '0');
  }
  return { items, next: undefined };
}

/** A delivery by its id; undefined where no mailbox has it (any more). */
export async function findPending(redis: RedisClient, id: string): Promise<PendingDelivery | undefined> {
  const shard = shardOfDelivery(id);
  if (shard === undefined) return undefined;
  const found = await runScript(redis, FIND, ledgerKey(shard), [shardPrefix(shard), '', id]);
  if ((found as unknown[]).length === 0) return undefined;
  const [channel, name, about, event, createdAt, attempts, nextAt] = found as FoundReply;
  return { ...toDelivery([id, event, createdAt, nextAt], aboutOf(channel, name, about)), attempts };
}

/** The mailboxes of an endpoint in which anything is, from the one named on. */
async function mailboxesOf(redis: RedisClient, endpointId: string, from = '') {
  const prefix = shardPrefix(shardOf(endpointId));
  const members = await redis.zrange(`${prefix}turns`, 0, '-1');
  const places = members
    .map((member) => ({ channel: member.slice(0, member.indexOf('/')), name: member.slice(member.indexOf('/') + 1) }))
    .filter(({ name }) => name.startsWith(`${endpointId}.`) && name >= from)
    .sort((a, b) => (a.name < b.name ? -1 : 1));
  return Promise.all(
    places.map(async ({ channel, name }) => ({
      name,
      about: aboutOf(channel, name, (await redis.hget(`${prefix}box:${name}:turn`, 'about')) ?? ''),
    })),
  );
}

function aboutOf(channel: string, name: string, about: string): About {
  const { endpointId, targetId } = parseTargetName(name);
  const unknown = { endpointId, endpointName: endpointId, team: '', channel, target: targetId };
  return readAbout(about, unknown) ?? unknown;
}

async function scan(redis: RedisClient, target: string, cursor: string): Promise<[string, Portion[]]> {
  const shard = shardOf(parseTargetName(target).endpointId);
  const args = [shardPrefix(shard), '', target, cursor, LOOK_A_SCRIPT];
  return (await runScript(redis, LIST, ledgerKey(shard), args)) as [string, Portion[]];
}

const byId = ([a]: Row, [b]: Row): number => (a < b ? -1 : 1);

const toDelivery = ([id, event, createdAt, nextAt]: Row, about: About): PendingDelivery => ({
  id,
  about,
  event: JSON.parse(event) as AlertEvent,
  createdAt,
  attempts: 0,
  nextAttemptAt: nextAt || undefined,
});
