/** Nine digits, so that the number of a replay fits wherever numbers are kept. */
const REPLAY_ID = /^(.+)_r([1-9]\d{0,8})$/;

/** The delivery that an id replays, and which replay of it that is; of an id that is no replay's, itself and 0. */
export function replayOf(deliveryId: string): { baseId: string; replay: number } {
  const match = REPLAY_ID.exec(deliveryId);
  return match ? { baseId: match[1] as string, replay: Number(match[2]) } : { baseId: deliveryId, replay: 0 };
}

/** The id of the nth replay of a delivery, counted from 1. Replays of replays are replays of the first. */
export function replayId(baseId: string, replay: number): string {
  return `${baseId}_r${replay}`;
}

const FALLBACK_ID = /^(.+)_f[0-9a-f]{2}(-\d+)?$/;

/** The delivery that one at a fallback endpoint stands in for; undefined for any other. */
export function fallbackOf(deliveryId: string): string | undefined {
  return FALLBACK_ID.exec(replayOf(deliveryId).baseId)?.[1];
}
