/** Reasons why a delivery is not replayed. */
export const REPLAY_SKIPS = [
  'underWay',
  'replayedSince',
  'episodeEnded',
  'episodeUnknown',
  'superseded',
  'firingDied',
  'endpointDeleted',
  'endpointDisabled',
  'endpointUnreadable',
  'targetRemoved',
  'notRecorded',
] as const;
export type ReplaySkip = (typeof REPLAY_SKIPS)[number];

const BY_FORCE = 'replay it with force=true to send it anyway';

/** The reason in words, and the remedy. */
export const REPLAY_SKIP_WORDS: Readonly<Record<ReplaySkip, string>> = {
  underWay: 'it, or a replay of it, is still waiting or in flight',
  replayedSince: 'it was replayed since, and the newest replay counts',
  episodeEnded: `its episode has ended: ${BY_FORCE}`,
  episodeUnknown: `it replaces a delivery of another endpoint, whose episode is not known here: ${BY_FORCE}, or replay the replaced delivery`,
  superseded: `a newer one was sent instead: ${BY_FORCE}`,
  firingDied: `it is the recovery of a firing that reached nobody: ${BY_FORCE}`,
  endpointDeleted: 'its endpoint has been deleted',
  endpointDisabled: 'its endpoint is disabled: enable that first',
  endpointUnreadable: 'the settings of its endpoint cannot be read: send its whole config again',
  targetRemoved: 'its endpoint does not have this target any more',
  notRecorded: 'the log does not have all data for a replay',
};

/** Counts by reason, in words: `2 (its episode has ended: …), 1 (…)`. */
export function describeSkips(because: Partial<Record<ReplaySkip, number>>): string {
  return REPLAY_SKIPS.filter((reason) => because[reason])
    .map((reason) => `${because[reason]} (${REPLAY_SKIP_WORDS[reason]})`)
    .join(', ');
}
