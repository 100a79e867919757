import type { Channel } from '#libs/channels';
import { type AlertEvent, type Endpoint, type SettingsSource, subjectEndpoint } from '#libs/contracts';
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

const ACCEPT = defineScript('accept', [MAILBOX_LUA, mailboxLua('accept')], { whenFull: true });
const SEND_BACK = defineScript('send-back', [MAILBOX_LUA, CLAIM_LUA, mailboxLua('send-back')], { whenFull: true });

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

type Entry = Record<string, string>;

export function createHandover({ redis, settings, queues, channelOf, onError, now }: HandoverParts): Handover {
  const run = (script: typeof ACCEPT, endpointId: string, ...args: (string | number)[]): Promise<unknown> => {
    const shard = shardOf(endpointId);
    return runScript(redis, script, ledgerKey(shard), [shardPrefix(shard), now?.() ?? '', ...args]);
  };
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

  async function sendBack(origin: string | undefined): Promise<void> {
    if (!origin) return;
    const [endpointId] = JSON.parse(origin) as [string];
    await run(SEND_BACK, endpointId, endpointOf(endpointId)?.pushPeriodMs ?? 0, origin);
  }

  /** The fallback endpoint has told somebody; the push stands for good. */
  async function forget(origin: string): Promise<void> {
    const [endpointId, push] = JSON.parse(origin) as [string, string];
    await redis.del(`${shardPrefix(shardOf(endpointId))}handed:${push}`);
  }

  async function handOver(entry: Entry, from: string): Promise<void> {
    const fallback = await fallbackOf(entry.to);
    if (fallback?.unreadable !== undefined) throw new Error(`the fallback endpoint ${fallback.name} cannot be read`);
    const event = JSON.parse(entry.event ?? '{}') as AlertEvent;
    const targets = fallback ? (channelOf(fallback.channel)?.targets(fallback.config) ?? []) : [];
    const fits = fallback && targets.length > 0 && subjectEndpoint(event) !== fallback.id;
    if (!fits) return sendBack(entry.origin);
    const { id: endpointId, name: endpointName, team, channel } = fallback;
    const push = `${entry.id}_f${shardOf(endpointId).toString(16).padStart(2, '0')}`;
    const reply = await run(
      ACCEPT,
      endpointId,
      channel,
      endpointId,
      entry.push ?? '',
      push,
      markedAsFallback(event, entry.words, endpointOf(from)?.name ?? from),
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
    );
    const wakes: Wake[] = parseWakes(reply as WakeReply[]);
    // A lost call is found by the sweeper.
    await queues.wake(wakes).catch(() => {});
  }

  /** An entry that fails stays, and with it all later ones to the same endpoint, which are to come after it. */
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
          else await handOver(entry, entry.from ?? '');
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

/** Whoever gets the message sees for whom it was, and why it did not get there. */
function markedAsFallback(event: AlertEvent, words: string | undefined, endpointName: string): string {
  const why = words ? { fallback_reason: words.slice(0, WORDS_MAX) } : {};
  return JSON.stringify({ ...event, annotations: { ...event.annotations, fallback_for: endpointName, ...why } });
}

function toEntry(flat: readonly string[]): Entry {
  return Object.fromEntries(flat.flatMap((name, i) => (i % 2 === 0 ? [[name, flat[i + 1] as string]] : [])));
}
