import { type Level, SEVERITY } from '#libs/contracts';
import type { Subject, Trouble } from './trouble.js';

/** Trouble is over when none is seen for this time: flapping makes one alert. */
export const CALM_MS = 30_000;
/** A lasting alert is repeated after this time: an episode without events would end silently after seven days. */
export const REPEAT_MS = 3 * 24 * 3_600_000;

/** The history of one trouble. */
export interface Episode {
  /** When the trouble began, epoch milliseconds. */
  since: number;
  /** When it was first seen, epoch milliseconds; distinguishes episodes of the same object. */
  seenAt: number;
  /** The last alert about it; absent while it may still pass without one. */
  reported?: { subject: Subject; level: Level; at: number; times: number };
  /** Since when no trouble is seen, epoch milliseconds. */
  calmSince?: number;
}

/** The next step of an episode. `next` is to be stored afterwards, undefined to remove the episode. */
export type Step =
  | { kind: 'wait' }
  | { kind: 'note'; next: Episode | undefined }
  | { kind: 'report'; level: Level; subject: Subject; nth: number; next: Episode | undefined };

/**
 * Decides the next step for one object. An alert fires once its trouble has outlasted its grace, fires again only when it
 * gets worse or after days, and recovers after a time of calm.
 * @param trouble as it is seen now; undefined if there is none
 * @param now epoch milliseconds
 */
export function nextStep(episode: Episode | undefined, trouble: Trouble | undefined, now: number): Step {
  if (!episode) {
    if (trouble?.level === undefined) return { kind: 'wait' };
    return { kind: 'note', next: { since: Math.min(trouble.since ?? now, now), seenAt: now } };
  }
  if (!episode.reported) return nextOfUnreported(episode, trouble, now);
  return trouble ? nextOfTrouble(episode, episode.reported, trouble, now) : nextOfCalm(episode, episode.reported, now);
}

function nextOfUnreported(episode: Episode, trouble: Trouble | undefined, now: number): Step {
  if (trouble?.level === undefined) return { kind: 'note', next: undefined };
  if (now - episode.since < trouble.graceMs) return { kind: 'wait' };
  const { object, objectName, team, labels } = trouble;
  return report(episode, { subject: { object, objectName, team, labels }, level: trouble.level, at: now, times: 1 });
}

function nextOfTrouble(
  episode: Episode,
  reported: NonNullable<Episode['reported']>,
  trouble: Trouble,
  now: number,
): Step {
  const level = trouble.level ?? reported.level;
  const worse = SEVERITY[level] > SEVERITY[reported.level];
  if (worse || now - reported.at >= REPEAT_MS)
    return report(episode, { ...reported, level, at: now, times: reported.times + 1 });
  if (episode.calmSince === undefined) return { kind: 'wait' };
  const { calmSince: _, ...restless } = episode;
  return { kind: 'note', next: restless };
}

function nextOfCalm(episode: Episode, reported: NonNullable<Episode['reported']>, now: number): Step {
  if (episode.calmSince === undefined) return { kind: 'note', next: { ...episode, calmSince: now } };
  if (now - episode.calmSince < CALM_MS) return { kind: 'wait' };
  return { kind: 'report', level: 'recovered', subject: reported.subject, nth: reported.times + 1, next: undefined };
}

const report = ({ since, seenAt }: Episode, reported: NonNullable<Episode['reported']>): Step => ({
  kind: 'report',
  level: reported.level,
  subject: reported.subject,
  nth: reported.times,
  next: { since, seenAt, reported },
});
