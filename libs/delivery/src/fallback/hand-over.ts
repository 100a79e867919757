import type { Channel } from '#libs/channels';
import { type AlertEvent, fallbackId, type SettingsSource } from '#libs/contracts';
import {
  acceptFallback,
  closeHandedOver,
  type HandoverEntry,
  parseOrigin,
  readHandovers,
  removeHandover,
  sendBack,
  shardOf,
} from '#libs/mailbox';
import type { RedisClient } from '#libs/redis';
import type { TurnQueues } from '../queues/turn-queues.js';
import { chooseFallback } from './choose-fallback.js';

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

export function createHandover(deps: HandoverDeps): Handover {
  const { redis, settings, queues, onError, now } = deps;
  const context = { redis, ...(now && { now }) };

  /** A dead delivery without a fallback: its push gives the claim back. */
  async function giveBack(origin: string | undefined): Promise<void> {
    if (!origin) return;
    const { endpointId } = parseOrigin(origin);
    const pushPeriodMs = settings.current()?.endpoints.get(endpointId)?.pushPeriodMs ?? 0;
    await sendBack(context, origin, pushPeriodMs);
  }

  async function handOver(entry: HandoverEntry): Promise<void> {
    const { id = '', from = '', to = '' } = entry;
    const event = JSON.parse(entry.event ?? '{}') as AlertEvent;
    const fallback = await chooseFallback(to, event, deps);
    if (!fallback) return giveBack(entry.origin);
    const fromName = settings.current()?.endpoints.get(from)?.name ?? from;
    const wakes = await acceptFallback(context, fallback.endpoint, fallback.targets, {
      deadPush: entry.push ?? '',
      push: fallbackId(id, shardOf(fallback.endpoint.id)),
      event: markAsFallback(event, fromName, entry.words),
      key: entry.key ?? '',
      episode: `${from}:${entry.episode}`,
      severity: Number(entry.severity ?? 0),
      born: Number(entry.born ?? 0),
      suppressed: Number(entry.suppressed ?? 0),
      origin: entry.origin ?? '',
    });
    // The sweeper enqueues the turns that are not enqueued here.
    await queues.wake(wakes).catch(() => {});
  }

  /** Hands over the entries of a stream. A failed entry stays, and with it all later ones to the same endpoint. */
  async function carryAll(prefix: string): Promise<void> {
    const blocked = new Set<string>();
    for (let after: string | undefined; ; ) {
      const page = await readHandovers(redis, prefix, after, PAGE);
      for (const { entryId, entry } of page) {
        const to = entry.to ?? '';
        if (blocked.has(to)) continue;
        try {
          if (entry.back !== undefined) await giveBack(entry.back);
          else if (entry.done !== undefined) await closeHandedOver(context, entry.done);
          else await handOver(entry);
          await removeHandover(redis, prefix, entryId);
        } catch (error) {
          onError(error);
          blocked.add(to);
        }
      }
      after = page.at(-1)?.entryId;
      if (after === undefined || page.length < PAGE) return;
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
          await carryAll(prefix);
        }
      } catch (error) {
        onError(error);
      } finally {
        carrying.delete(prefix);
      }
    },
  };
}

/** Adds to the event for whom the message was, and why it was not delivered there. */
function markAsFallback(event: AlertEvent, endpointName: string, reason: string | undefined): string {
  const why = reason ? { fallback_reason: reason.slice(0, REASON_CHARS) } : {};
  return JSON.stringify({ ...event, annotations: { ...event.annotations, fallback_for: endpointName, ...why } });
}
