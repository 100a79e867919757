import { turnSchema } from '#libs/contracts';
import type { EndpointLine, Overview } from '#libs/operations';
import { channelDescription, channelTitle, targetData, turnName } from './describe-target.js';

/** Time within which requests share a read of the mailboxes, in milliseconds. */
const FRESH_MS = 1_000;
const GONE = 'gone; nothing waits here';

/** Texts of the board for turns and queues, from the last overview that was read. */
export interface BoardView {
  /** Reads an overview older than a second again. If that fails, the board keeps the last one. */
  refresh(): Promise<void>;
  nameOf(data: unknown): string;
  dataOf(data: unknown): unknown;
  titleOf(channel: string): string;
  describe(channel: string): string;
}

/** @param now a monotonic clock, in milliseconds */
export function createBoardView(read: () => Promise<Overview>, now: () => number): BoardView {
  let overview: Overview = { at: 0, channels: [], endpoints: [] };
  let byId = new Map<string, EndpointLine>();
  let readAt = Number.NEGATIVE_INFINITY;
  let reading: Promise<void> | undefined;

  async function refresh(): Promise<void> {
    overview = await read();
    byId = new Map(overview.endpoints.map((endpoint) => [endpoint.endpointId, endpoint]));
    readAt = now();
  }

  function find(data: unknown) {
    const turn = turnSchema.safeParse(data).data;
    const endpoint = turn && byId.get(turn.endpointId);
    const target = endpoint?.targets.find(({ targetId }) => targetId === turn?.targetId);
    return { turn, endpoint, target };
  }

  const of = (asked: string) => overview.endpoints.filter(({ channel }) => channel === asked);

  return {
    async refresh() {
      if (now() - readAt < FRESH_MS) return;
      reading ??= refresh().finally(() => {
        reading = undefined;
      });
      await reading.catch(() => undefined);
    },
    nameOf(data) {
      const { turn, endpoint, target } = find(data);
      if (endpoint && target) return turnName(endpoint, target);
      if (endpoint) return `${endpoint.endpointName} → a target that is gone (${turn?.targetId})`;
      return turn ? `a deleted endpoint (${turn.endpointId})` : 'not a turn';
    },
    dataOf(data) {
      const { turn, endpoint, target } = find(data);
      if (!turn) return {};
      const { did, ...place } = turn;
      const now = endpoint && target ? targetData(endpoint, target, overview.at) : { now: GONE, ...place };
      // A failed job has no result of its own.
      return did ? { ...now, thisTurn: withoutZeros(did) } : now;
    },
    titleOf: (channel) => channelTitle(channel, of(channel)),
    describe: (channel) => channelDescription(of(channel)),
  };
}

/** Results of a turn, without its many zeros. */
export function withoutZeros(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== 0));
}
