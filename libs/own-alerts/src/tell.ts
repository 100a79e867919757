import { hash } from 'node:crypto';
import { type AlertEvent, type Language, SEVERITY, TOCSIN_POLICY } from '#libs/contracts';
import { nextStep, type Step } from './episode.js';
import type { EpisodeBook, KeptEpisode } from './episode-book.js';
import type { Subject, Trouble } from './trouble.js';

/** Why something is in no trouble any more. */
export type Ending = 'well' | 'disabled' | 'deleted';

export interface TellParts {
  book: EpisodeBook;
  /** Asked before each event; false when the team, or all, were told so much lately that this one waits for a later look. */
  mayTell(team: string): Promise<boolean>;
  /** Takes an event in for a team's policies. What cannot be taken now is told at a later look. */
  take(event: AlertEvent, team: string): Promise<void>;
  endingOf(object: string): Ending;
  onTold(event: AlertEvent): void;
  onRefused(event: AlertEvent, error: unknown): void;
  lang: Language;
}

const WORDS: Readonly<Record<Language, Record<Ending, string> & { over(name: string): string }>> = {
  en: {
    over: (name) => `${name}: the trouble is over`,
    well: 'All is well again, as far as can be seen.',
    disabled: 'The endpoint was disabled.',
    deleted: 'The endpoint was deleted.',
  },
  'zh-CN': {
    over: (name) => `${name}：已恢复`,
    well: '目前看来一切恢复正常。',
    disabled: '该推送端点已被停用。',
    deleted: '该推送端点已被删除。',
  },
};

/**
 * Tells of what troubles Tocsin, and of what does so no longer, the worst first. An event is taken in before it is noted
 * that it was, and has the same id whenever and by whomever it is told: a crash in between, or two processes at once, neither
 * lose nor double it.
 * @param now epoch milliseconds, by the clock of `Trouble.since`
 */
export async function tellTroubles(troubles: readonly Trouble[], now: number, parts: TellParts): Promise<void> {
  const known = await parts.book.all();
  const worstFirst = troubles.toSorted((a, b) => SEVERITY[b.level ?? 'info'] - SEVERITY[a.level ?? 'info']);
  const seen = new Map(worstFirst.map((trouble) => [trouble.object, trouble]));
  for (const object of new Set([...seen.keys(), ...known.keys()]))
    await follow(object, seen.get(object), known.get(object), now, parts);
}

async function follow(
  object: string,
  trouble: Trouble | undefined,
  known: KeptEpisode | undefined,
  now: number,
  parts: TellParts,
): Promise<void> {
  for (let kept = known; ; ) {
    const step = nextStep(kept?.episode, trouble, now);
    if (step.kind === 'wait' || (step.kind === 'tell' && !(await tell(step, kept as KeptEpisode, trouble, now, parts))))
      return;
    const noted = await parts.book.note(object, kept, step.next);
    if (!noted) return;
    kept = noted;
  }
}

type Telling = Extract<Step, { kind: 'tell' }>;

/** False where the event has to wait. */
async function tell(
  step: Telling,
  { episode }: KeptEpisode,
  trouble: Trouble | undefined,
  now: number,
  parts: TellParts,
): Promise<boolean> {
  const about = aboutOf(step.subject, `${episode.seenAt}-${step.nth}-${step.level}`);
  const event =
    step.level === 'recovered'
      ? recoveryOf(about, episode.since, now, parts)
      : { ...about, level: step.level, ...saidOf(trouble as Trouble), startsAt: toTime(episode.since) };
  try {
    if (!(await parts.mayTell(step.subject.team))) return false;
    await parts.take(event, step.subject.team);
  } catch (error) {
    parts.onRefused(event, error);
    return false;
  }
  parts.onTold(event);
  return true;
}

const aboutOf = ({ object, objectName, labels }: Subject, occasion: string) => ({
  id: `own-${hash('sha256', object, 'base64url').slice(0, 16)}-${occasion}`,
  policy: TOCSIN_POLICY,
  object,
  objectName,
  labels: { ...labels },
});

const saidOf = ({ title, content, value, unit }: Trouble) => ({
  title,
  content,
  ...(value !== undefined && { value }),
  ...(unit !== undefined && { unit }),
});

function recoveryOf(
  about: ReturnType<typeof aboutOf>,
  since: number,
  now: number,
  { lang, endingOf }: TellParts,
): AlertEvent {
  const words = WORDS[lang];
  return {
    ...about,
    level: 'recovered',
    title: words.over(about.objectName),
    content: words[endingOf(about.object)],
    startsAt: toTime(since),
    endsAt: toTime(now),
  };
}

const toTime = (ms: number): string => new Date(ms).toISOString();
