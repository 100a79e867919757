import type { Channel } from '#libs/channels';
import { type AlertEvent, type DeliveryStatus, type Endpoint, fallbackOf, type SettingsSource } from '#libs/contracts';
import type { TurnQueues } from '#libs/delivery';
import type { EndpointInfo, Mailboxes, Replay, ReplayAnswer, TargetRef } from '#libs/mailbox';
import { targetName } from '#libs/mailbox';
import type { RedisWatch } from '#libs/redis';
import type { ReplaySkip } from './replay-skips.js';

/** Most deliveries and bytes of one script, which blocks Redis for one or two milliseconds. */
const A_SCRIPT = { deliveries: 100, bytes: 1024 * 1024 };
/** Bytes of a delivery in Redis besides its event. */
const OVERHEAD_BYTES = 500;

/** A delivery of the log. */
export interface LoggedDelivery {
  id: string;
  /** Id of the first delivery if this is a replay; else its own. */
  baseId: string;
  /** Number of its last replay in the log; 0 if there is none. */
  lastReplay: number;
  endpointId: string;
  targetId: string | null;
  team: string;
  status: DeliveryStatus;
  reason: string | null;
  episode: number | null;
  /** The event as JSON. */
  event: string | null;
  fallbackOf: string | null;
  cameAt: Date;
}

export interface ReplayTally {
  replayed: number;
  skipped: number;
  because: Partial<Record<ReplaySkip, number>>;
}

/** Id of the new delivery, or the reason why there is none. */
export type ReplayResult = { id: string } | { skipped: ReplaySkip };

export interface ReplayHow {
  /** Replays deliveries whose state is over, too. */
  force: boolean;
  /** Returns what would be replayed, and changes nothing. */
  dryRun: boolean;
}

/** Thrown when Redis has no memory for more deliveries. */
export class NoRoomForReplays extends Error {}

/** Thrown when not all could be replayed, with the counts so far; the cause has the reason. */
export class ReplayStopped extends Error {
  constructor(
    readonly tally: ReplayTally,
    cause: unknown,
  ) {
    super('not all could be replayed', { cause });
    this.name = 'ReplayStopped';
  }
}

/** Sends ended deliveries again. */
export abstract class Replayer {
  /**
   * @param pages read one at a time
   * @param isGone whether the caller has gone: then the replay stops after a page
   * @throws ReplayStopped, or the error itself if nothing was replayed yet
   */
  abstract all(
    pages: AsyncIterable<readonly LoggedDelivery[]> | Iterable<readonly LoggedDelivery[]>,
    how: ReplayHow,
    isGone?: () => boolean,
  ): Promise<ReplayTally>;
  abstract one(delivery: LoggedDelivery, how: ReplayHow): Promise<ReplayResult>;
}

export interface ReplayerParts {
  mailboxes: Pick<Mailboxes, 'replay'>;
  queues: Pick<TurnQueues, 'wake'>;
  settings: SettingsSource;
  channelOf(type: string): Channel | undefined;
  watch: Pick<RedisWatch, 'trouble' | 'announce'>;
  onError(error: unknown): void;
}

/** Target of a replay. */
interface Address {
  ref: TargetRef;
  endpointInfo: EndpointInfo;
  pushPeriodMs: number;
}

type Report = (delivery: LoggedDelivery, result: ReplayResult) => void;
type Item = { delivery: LoggedDelivery; replay: Replay };

export function createReplayer(parts: ReplayerParts): Replayer {
  const { mailboxes, queues, settings, watch } = parts;

  async function replayPage(page: readonly LoggedDelivery[], how: ReplayHow, report: Report): Promise<void> {
    const find = addressBook(settings, parts.channelOf);
    const groups = new Map<Address, Item[]>();
    for (const delivery of page) {
      const skipped = how.force ? reasonForAll(delivery) : (reasonForAll(delivery) ?? reasonWithoutForce(delivery));
      const address = skipped ?? find(delivery);
      if (typeof address === 'string') report(delivery, { skipped: address });
      else groups.set(address, [...(groups.get(address) ?? []), { delivery, replay: toReplay(delivery) }]);
    }
    for (const [address, items] of groups) {
      for (const portion of portionsOf(items)) await send(address, portion, how, report);
    }
  }

  async function send({ ref, ...rules }: Address, items: Item[], how: ReplayHow, report: Report): Promise<void> {
    const bytes = how.dryRun ? 0 : items.reduce((sum, item) => sum + bytesOf(item) + OVERHEAD_BYTES, 0);
    const written = await watch.announce(bytes);
    try {
      const trouble = how.dryRun ? undefined : watch.trouble();
      if (trouble !== undefined) throw new NoRoomForReplays(trouble);
      const replays = items.map(({ replay }) => replay);
      const { wakes, answers } = await mailboxes.replay(ref, replays, { ...rules, ...how });
      items.forEach(({ delivery }, i) => {
        report(delivery, toResult(answers[i] as ReplayAnswer));
      });
      // The sweeper finds a turn that was not enqueued.
      await queues.wake(wakes).catch(parts.onError);
    } finally {
      written();
    }
  }

  return {
    async all(pages, how, isGone = () => false) {
      const tally: ReplayTally = { replayed: 0, skipped: 0, because: {} };
      try {
        // Includes changes made by other processes.
        await settings.refresh();
        for await (const page of pages) {
          await replayPage(page, how, (_, result) => count(tally, result));
          if (isGone()) break;
        }
        return tally;
      } catch (error) {
        if (tally.replayed === 0) throw error;
        throw new ReplayStopped(tally, error);
      }
    },
    async one(delivery, how) {
      await settings.refresh();
      let found: ReplayResult = { skipped: 'notRecorded' };
      await replayPage([delivery], how, (_, result) => {
        found = result;
      });
      return found;
    },
  };
}

function count(tally: ReplayTally, result: ReplayResult): void {
  if ('id' in result) {
    tally.replayed += 1;
    return;
  }
  tally.skipped += 1;
  tally.because[result.skipped] = (tally.because[result.skipped] ?? 0) + 1;
}

const toResult = (answer: ReplayAnswer): ReplayResult => {
  if (answer.result === 'replayed') return { id: answer.id };
  return { skipped: answer.result === 'waiting' ? 'underWay' : 'episodeEnded' };
};

function reasonForAll({ status, event, targetId }: LoggedDelivery): ReplaySkip | undefined {
  if (status === 'waiting' || status === 'retrying') return 'underWay';
  return event === null || targetId === null ? 'notRecorded' : undefined;
}

/** Reason to skip a delivery whose state may be over. */
function reasonWithoutForce(delivery: LoggedDelivery): ReplaySkip | undefined {
  if (delivery.status === 'cancelled' && delivery.reason === 'superseded') return 'superseded';
  if (delivery.status === 'cancelled' && delivery.reason === 'firing not delivered') return 'firingDied';
  const standsIn = delivery.fallbackOf !== null || fallbackOf(delivery.id) !== undefined;
  // The claim with the episode belongs to the other endpoint.
  return standsIn ? 'episodeUnknown' : undefined;
}

/** Finds targets of deliveries by the present settings; deliveries to one target share an address. */
function addressBook(settings: SettingsSource, channelOf: ReplayerParts['channelOf']) {
  const known = settings.current();
  const addresses = new Map<string, Address | ReplaySkip>();

  function look(endpointId: string, targetId: string): Address | ReplaySkip {
    const endpoint = known?.endpoints.get(endpointId);
    if (!endpoint) return 'endpointDeleted';
    if (!endpoint.enabled) return 'endpointDisabled';
    const channel = endpoint.unreadable === undefined ? channelOf(endpoint.channel) : undefined;
    if (!channel) return 'endpointUnreadable';
    const target = channel.targets(endpoint.config).find(({ id }) => id === targetId);
    return target ? addressOf(endpoint, targetId, target.label) : 'targetRemoved';
  }

  return ({ endpointId, targetId }: LoggedDelivery): Address | ReplaySkip => {
    const name = targetName(endpointId, targetId ?? '');
    const found = addresses.get(name) ?? look(endpointId, targetId ?? '');
    addresses.set(name, found);
    return found;
  };
}

const addressOf = ({ id, name, team, channel, pushPeriodMs }: Endpoint, targetId: string, target: string): Address => ({
  ref: { channel, target: targetName(id, targetId) },
  endpointInfo: { endpointId: id, endpointName: name, team, channel, target },
  pushPeriodMs,
});

const toReplay = ({ baseId, lastReplay, event, team, episode, cameAt }: LoggedDelivery): Replay => ({
  baseId,
  lastReplay,
  event: JSON.parse(event ?? '{}') as AlertEvent,
  json: event ?? '{}',
  team,
  episode: episode ?? 0,
  cameAt: cameAt.getTime(),
});

const bytesOf = ({ replay }: Item): number => Buffer.byteLength(replay.json);

/** Splits items into portions in order, each with at least one. */
function* portionsOf(items: readonly Item[]): Generator<Item[]> {
  let portion: Item[] = [];
  let bytes = 0;
  for (const item of items) {
    const more = bytesOf(item);
    if (portion.length === A_SCRIPT.deliveries || (portion.length > 0 && bytes + more > A_SCRIPT.bytes)) {
      yield portion;
      portion = [];
      bytes = 0;
    }
    portion.push(item);
    bytes += more;
  }
  if (portion.length > 0) yield portion;
}
