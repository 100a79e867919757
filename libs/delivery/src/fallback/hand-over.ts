import type { Channel } from '#libs/channels';
import type { AlertEvent, SettingsSource } from '#libs/contracts';
import {
  CLAIM_LUA,
  ledgerKey,
  MAILBOX_LUA,
  mailboxLua,
  parseWakes,
  shardOf,
  shardPrefix,
  type Wake,
  type WakeReply,
} from '#libs/mailbox';
import { defineScript, type RedisClient, runScript } from '#libs/redis';
import type { TurnQueues } from '../queues/turn-queues.js';
import { chooseFallback, type Fallback } from './choose-fallback.js';

const ACCEPT = defineScript('accept', [MAILBOX_LUA, mailboxLua('accept')], { whenFull: true });
const SEND_BACK = defineScript('send-back', [MAILBOX_LUA, CLAIM_LUA, mailboxLua('send-back')], { whenFull: true });

/** Entries of a hand-over stream that are read at once. */
const PAGE = 100;
/** Length of the provider's message that the fallback's message quotes. */
const REASON_CHARS = 300;

export interface HandoverDeps {
  redis: RedisClient;
  settings: SettingsSource;
  queues: TurnQueues;
  channelOf(type: string): Channel | undefined;
  onError(error: unknown): void;
  /** Overrides the clock of Redis, in epoch milliseconds. */
  now?: () => number;
}

/** Hands dead deliveries over to fallback endpoints, whose mailboxes may be in other shards. */
export interface Handover {
  /**
   * Hands over all entries of a shard, in order. Any number of processes may do so at once: accepting is idempotent, and
   * an entry is removed only after it was accepted. Failures are reported and tried again the next time.
   * @param prefix of the shard's keys
   */
  carry(prefix: string): Promise<void>;
}

type Entry = Record<string, string>;

export function createHandover(deps: HandoverDeps): Handover {
  const { redis, settings, queues, onError, now } = deps;
  const run = (script: typeof ACCEPT, endpointId: string, ...args: (string | number)[]): Promise<unknown> => {
    const shard = shardOf(endpointId);
    return runScript(redis, script, ledgerKey(shard), [shardPrefix(shard), now?.() ?? '', ...args]);
  };

  /** A dead delivery without a fallback: its push gives the claim back. */
  async function sendBack(origin: string | undefined): Promise<void> {
    if (!origin) return;
    const [endpointId] = JSON.parse(origin) as [string];
    const pushPeriodMs = settings.current()?.endpoints.get(endpointId)?.pushPeriodMs ?? 0;
    await run(SEND_BACK, endpointId, pushPeriodMs, origin);
  }

  /** A delivery that the fallback endpoint delivered: its push keeps the claim. */
  async function forget(origin: string): Promise<void> {
    const [endpointId, push] = JSON.parse(origin) as [string, string];
    await redis.del(`${shardPrefix(shardOf(endpointId))}handed:${push}`);
  }

  async function handOver(entry: Entry): Promise<void> {
    const event = JSON.parse(entry.event ?? '{}') as AlertEvent;
    const fallback = await chooseFallback(entry.to ?? '', event, deps);
    if (!fallback) return sendBack(entry.origin);
    const from = entry.from ?? '';
    const fromName = settings.current()?.endpoints.get(from)?.name ?? from;
    const marked = markAsFallback(event, fromName, entry.words);
    const reply = await run(ACCEPT, fallback.endpoint.id, ...acceptArguments(entry, from, marked, fallback));
    const wakes: Wake[] = parseWakes(reply as WakeReply[]);
    // The sweeper enqueues the turns that are not enqueued here.
    await queues.wake(wakes).catch(() => {});
  }

  /** Hands over the entries of a stream. A failed entry stays, and with it all later ones to the same endpoint. */
  async function carryAll(key: string): Promise<void> {
    const blocked = new Set<string>();
    for (let after = '-'; ; ) {
      const entries = await redis.xrange(key, after, '+', 'COUNT', PAGE);
      for (const [entryId, flat] of entries) {
        const entry = toEntry(flat);
        const to = entry.to ?? '';
        if (blocked.has(to)) continue;
        try {
          if (entry.back !== undefined) await sendBack(entry.back);
          else if (entry.done !== undefined) await forget(entry.done);
          else await handOver(entry);
          await redis.xdel(key, entryId);
        } catch (error) {
          onError(error);
          blocked.add(to);
        }
      }
      const last = entries.at(-1)?.[0];
      if (last === undefined || entries.length < PAGE) return;
      after = `(${last}`;
    }
  }

  /** The shards being handed over, and whether more was requested since. */
  const carrying = new Map<string, { again: boolean }>();

  return {
    async carry(prefix) {
      const known = carrying.get(prefix);
      if (known) {
        known.again = true;
        return;
      }
      const state = { again: true };
      carrying.set(prefix, state);
      try {
        while (state.again) {
          state.again = false;
          await carryAll(`${prefix}handover`);
        }
      } catch (error) {
        onError(error);
      } finally {
        carrying.delete(prefix);
      }
    },
  };
}

/** The arguments of `accept.lua`. */
function acceptArguments(entry: Entry, from: string, event: string, { endpoint, targets }: Fallback): string[] {
  const { id: endpointId, name: endpointName, team, channel } = endpoint;
  return [
    channel,
    endpointId,
    entry.push ?? '',
    `${entry.id}_f${shardOf(endpointId).toString(16).padStart(2, '0')}`,
    event,
    entry.key ?? '',
    `${from}:${entry.episode}`,
    entry.severity ?? '0',
    entry.born ?? '0',
    entry.suppressed ?? '0',
    entry.origin ?? '',
    ...targets.flatMap(({ id, label }) => [
      id,
      JSON.stringify({ endpointId, endpointName, team, channel, target: label }),
    ]),
  ];
}

/** Adds to the event for whom the message was, and why it was not delivered there. */
function markAsFallback(event: AlertEvent, endpointName: string, reason: string | undefined): string {
  const why = reason ? { fallback_reason: reason.slice(0, REASON_CHARS) } : {};
  return JSON.stringify({ ...event, annotations: { ...event.annotations, fallback_for: endpointName, ...why } });
}

function toEntry(flat: readonly string[]): Entry {
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] as string]] : [])));
}
