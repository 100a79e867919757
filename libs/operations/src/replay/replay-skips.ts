/** Why a delivery is not replayed. */
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

const BY_FORCE = 'replay it with force=true to tell it all the same';

/** For people: the reason, and what can be done about it. */
export const REPLAY_SKIP_WORDS: Readonly<Record<ReplaySkip, string>> = {
  underWay: 'it, or a replay of it, is still under way',
  replayedSince: 'it was replayed since, and the newest replay counts',
  episodeEnded: `its episode has ended: ${BY_FORCE}`,
  episodeUnknown: `it stands in for a delivery of another endpoint, and whether the episode of that goes on is not known here: ${BY_FORCE}, or replay the delivery that it stands in for`,
  superseded: `a newer one was sent in its place: ${BY_FORCE}`,
  firingDied: `it is the recovery of a firing that reached nobody: ${BY_FORCE}`,
  endpointDeleted: 'its endpoint has been deleted',
  endpointDisabled: 'its endpoint is disabled: enable that first',
  endpointUnreadable: 'the settings of its endpoint cannot be read: send its whole config again',
  targetRemoved: 'its endpoint does not have this target any more',
  notRecorded: 'the log does not hold all that a replay is made of',
};

/** Counts by reason, for people: `2 (its episode has ended: …), 1 (…)`. */
export function describeSkips(because: Partial<Record<ReplaySkip, number>>): string {
  return REPLAY_SKIPS.filter((reason) => because[reason])
    .map((reason) => `${because[reason]} (${REPLAY_SKIP_WORDS[reason]})`)
    .join(', ');
}
