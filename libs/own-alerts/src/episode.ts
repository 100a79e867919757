import { type Level, SEVERITY } from '#libs/contracts';
import type { Subject, Trouble } from './trouble.js';

/** Trouble is over when nothing has been seen of it for so long: what comes and goes is one alert. */
export const CALM_MS = 30_000;
/** What lasts is told again before its episode would end silently for want of events, after seven days. */
export const REPEAT_MS = 3 * 24 * 3_600_000;

/** What is remembered of something that is in trouble. */
export interface Episode {
  /** When the trouble began, epoch milliseconds. */
  since: number;
  /** When it was first seen, epoch milliseconds: what tells the episode from others about the same object. */
  seenAt: number;
  /** What was told of it; absent while it may still pass by itself. */
  told?: { subject: Subject; level: Level; at: number; times: number };
  /** Since when nothing is seen of it, epoch milliseconds. */
  calmSince?: number;
}

/** What has become necessary. `next` is to be remembered afterwards, undefined to forget the episode. */
export type Step =
  | { kind: 'wait' }
  | { kind: 'note'; next: Episode | undefined }
  | { kind: 'tell'; level: Level; subject: Subject; nth: number; next: Episode | undefined };

/**
 * The next step about one object. An alert fires once its trouble has outlasted its grace, fires again only when it gets
 * worse or after days, and recovers after a time of calm.
 * @param trouble as it is seen now; undefined where all is well
 * @param now epoch milliseconds
 */
export function nextStep(episode: Episode | undefined, trouble: Trouble | undefined, now: number): Step {
  if (!episode) {
    if (trouble?.level === undefined) return { kind: 'wait' };
    return { kind: 'note', next: { since: Math.min(trouble.since ?? now, now), seenAt: now } };
  }
  if (!episode.told) return nextOfUntold(episode, trouble, now);
  return trouble ? nextOfTrouble(episode, episode.told, trouble, now) : nextOfCalm(episode, episode.told, now);
}

function nextOfUntold(episode: Episode, trouble: Trouble | undefined, now: number): Step {
  if (trouble?.level === undefined) return { kind: 'note', next: undefined };
  if (now - episode.since < trouble.graceMs) return { kind: 'wait' };
  const { object, objectName, team, labels } = trouble;
  return tell(episode, { subject: { object, objectName, team, labels }, level: trouble.level, at: now, times: 1 });
}

function nextOfTrouble(episode: Episode, told: NonNullable<Episode['told']>, trouble: Trouble, now: number): Step {
  const level = trouble.level ?? told.level;
  const worse = SEVERITY[level] > SEVERITY[told.level];
  if (worse || now - told.at >= REPEAT_MS) return tell(episode, { ...told, level, at: now, times: told.times + 1 });
  if (episode.calmSince === undefined) return { kind: 'wait' };
  const { calmSince: _, ...restless } = episode;
  return { kind: 'note', next: restless };
}

function nextOfCalm(episode: Episode, told: NonNullable<Episode['told']>, now: number): Step {
  if (episode.calmSince === undefined) return { kind: 'note', next: { ...episode, calmSince: now } };
  if (now - episode.calmSince < CALM_MS) return { kind: 'wait' };
  return { kind: 'tell', level: 'recovered', subject: told.subject, nth: told.times + 1, next: undefined };
}

const tell = ({ since, seenAt }: Episode, told: NonNullable<Episode['told']>): Step => ({
  kind: 'tell',
  level: told.level,
  subject: told.subject,
  nth: told.times,
  next: { since, seenAt, told },
});
