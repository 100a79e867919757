import type { Channel } from '#libs/channels';
import { type AlertEvent, type Endpoint, fallbackId, type SettingsSource, subjectEndpoint } from '#libs/contracts';
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

const PAGE = 100;
/** Of the dead delivery's last words, so much is told to those who stand in. */
const WORDS_MAX = 300;

export interface HandoverParts {
  redis: RedisClient;
  settings: SettingsSource;
  queues: TurnQueues;
  channelOf(type: string): Channel | undefined;
  onError(error: unknown): void;
  /** Overrides Redis' clock, in epoch milliseconds. */
  now?: () => number;
}

/** Carries what died to the fallback endpoints, which lie in other shards than the endpoints they stand in for. */
export interface Handover {
  /**
   * Carries all that is on its way from a shard, in order. Any number may do so at once: accepting is idempotent, and
   * nothing is forgotten before it was accepted. What fails is told, and stays for the next time.
   * @param prefix of the shard's keys
   */
  carry(prefix: string): Promise<void>;
}

export function createHandover({ redis, settings, queues, channelOf, onError, now }: HandoverParts): Handover {
  const context = { redis, ...(now && { now }) };
  const endpointOf = (id: string | undefined): Endpoint | undefined => settings.current()?.endpoints.get(id ?? '');

  /** Settings that another process has known earlier are read before an endpoint counts as gone. */
  async function fallbackOf(id: string | undefined): Promise<Endpoint | undefined> {
    const known = endpointOf(id);
    if (known?.enabled) return known;
    // While the database is away, what is known counts; where nothing is, nothing is decided.
    await settings.refresh().catch((error: unknown) => {
      if (!settings.current()) throw error;
    });
    const now = endpointOf(id);
    return now?.enabled || now?.unreadable !== undefined ? now : undefined;
  }

  async function giveBack(origin: string | undefined): Promise<void> {
    if (!origin) return;
    const { endpointId } = parseOrigin(origin);
    await sendBack(context, origin, endpointOf(endpointId)?.pushPeriodMs ?? 0);
  }

  async function handOver(entry: HandoverEntry): Promise<void> {
    const { id = '', from = '', to } = entry;
    const fallback = await fallbackOf(to);
    if (fallback?.unreadable !== undefined) throw new Error(`the fallback endpoint ${fallback.name} cannot be read`);
    const event = JSON.parse(entry.event ?? '{}') as AlertEvent;
    const targets = fallback ? (channelOf(fallback.channel)?.targets(fallback.config) ?? []) : [];
    const fits = fallback && targets.length > 0 && subjectEndpoint(event) !== fallback.id;
    if (!fits) return giveBack(entry.origin);
    const wakes = await acceptFallback(context, fallback, targets, {
      deadPush: entry.push ?? '',
      push: fallbackId(id, shardOf(fallback.id)),
      event: markedAsFallback(event, entry.words, endpointOf(from)?.name ?? from),
      key: entry.key ?? '',
      episode: `${from}:${entry.episode}`,
      severity: Number(entry.severity ?? 0),
      born: Number(entry.born ?? 0),
      suppressed: Number(entry.suppressed ?? 0),
      origin: entry.origin ?? '',
    });
    // The sweeper finds a wake that is lost.
    await queues.wake(wakes).catch(() => {});
  }

  /** An entry that fails stays, and with it all later ones to the same endpoint, which are to come after it. */
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

  /** Shards that are being carried from, and whether something has come since. */
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

/** Whoever gets the message sees for whom it was, and why it did not get there. */
function markedAsFallback(event: AlertEvent, words: string | undefined, endpointName: string): string {
  const why = words ? { fallback_reason: words.slice(0, WORDS_MAX) } : {};
  return JSON.stringify({ ...event, annotations: { ...event.annotations, fallback_for: endpointName, ...why } });
}
