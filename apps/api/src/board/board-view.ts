import { turnSchema } from '#libs/contracts';
import type { EndpointLine, Overview } from '#libs/operations';
import { channelDescription, channelTitle, targetData, turnName } from './describe-target.js';

/** Requests that come so closely together share a look at the mailboxes. */
const FRESH_MS = 1_000;
const GONE = 'gone; nothing waits here';

/** What the board says of turns and queues. It looks names and numbers up in the last overview that was read. */
export interface BoardView {
  /** Reads anew what is older than a second; where that fails, the board goes on with what it knew. */
  refresh(): Promise<void>;
  nameOf(data: unknown): string;
  dataOf(data: unknown): unknown;
  titleOf(channel: string): string;
  describe(channel: string): string;
}

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
      return turn ? `an endpoint that is gone (${turn.endpointId})` : 'not a turn';
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

/** What a turn did; most of its numbers are zero. */
export function withoutZeros(result: unknown): unknown {
  if (typeof result !== 'object' || result === null) return result;
  return Object.fromEntries(Object.entries(result).filter(([, value]) => value !== 0));
}
