import { hash } from 'node:crypto';
import { type AlertEvent, type Language, SEVERITY, TOCSIN_POLICY } from '#libs/contracts';
import type { Ending } from './ending.js';
import { nextStep, type Step } from './episode.js';
import type { EpisodeBook, StoredEpisode } from './episode-book.js';
import type { Subject, Trouble } from './trouble.js';

export interface ReportDeps {
  book: EpisodeBook;
  /** Asked before each event; false if the team, or all teams, got so many lately that this one waits for a later check. */
  mayReport(team: string): Promise<boolean>;
  /** Takes an event in for a team's policies. An event that is refused is tried again at a later check. */
  take(event: AlertEvent, team: string): Promise<void>;
  endingOf(object: string): Ending;
  onReported(event: AlertEvent): void;
  onRefused(event: AlertEvent, error: unknown): void;
  lang: Language;
}

const WORDS: Readonly<Record<Language, Record<Ending, string> & { over(name: string): string }>> = {
  en: {
    over: (name) => `${name}: the trouble is over`,
    well: 'No trouble is seen any more.',
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
 * Reports new, worse, lasting and ended troubles, the most severe first. An event is taken in before its episode is stored,
 * under an id that does not depend on the process: a crash in between, or two processes at once, neither lose nor double it.
 * @param now epoch milliseconds, by the clock of `Trouble.since`
 */
export async function reportTroubles(troubles: readonly Trouble[], now: number, deps: ReportDeps): Promise<void> {
  const known = await deps.book.all();
  const worstFirst = troubles.toSorted((a, b) => SEVERITY[b.level ?? 'info'] - SEVERITY[a.level ?? 'info']);
  const seen = new Map(worstFirst.map((trouble) => [trouble.object, trouble]));
  for (const object of new Set([...seen.keys(), ...known.keys()]))
    await follow(object, seen.get(object), known.get(object), now, deps);
}

async function follow(
  object: string,
  trouble: Trouble | undefined,
  known: StoredEpisode | undefined,
  now: number,
  deps: ReportDeps,
): Promise<void> {
  for (let stored = known; ; ) {
    const step = nextStep(stored?.episode, trouble, now);
    if (step.kind === 'wait') return;
    if (step.kind === 'report' && !(await report(step, stored as StoredEpisode, trouble, now, deps))) return;
    const noted = await deps.book.note(object, stored, step.next);
    if (!noted) return;
    stored = noted;
  }
}

type ReportStep = Extract<Step, { kind: 'report' }>;

/** False if the event has to wait. */
async function report(
  step: ReportStep,
  { episode }: StoredEpisode,
  trouble: Trouble | undefined,
  now: number,
  deps: ReportDeps,
): Promise<boolean> {
  const about = aboutOf(step.subject, `${episode.seenAt}-${step.nth}-${step.level}`);
  const event =
    step.level === 'recovered'
      ? recoveryOf(about, episode.since, now, deps)
      : { ...about, level: step.level, ...textsOf(trouble as Trouble), startsAt: toTime(episode.since) };
  try {
    if (!(await deps.mayReport(step.subject.team))) return false;
    await deps.take(event, step.subject.team);
  } catch (error) {
    deps.onRefused(event, error);
    return false;
  }
  deps.onReported(event);
  return true;
}

const aboutOf = ({ object, objectName, labels }: Subject, occasion: string) => ({
  id: `own-${hash('sha256', object, 'base64url').slice(0, 16)}-${occasion}`,
  policy: TOCSIN_POLICY,
  object,
  objectName,
  labels: { ...labels },
});

const textsOf = ({ title, content, value, unit }: Trouble) => ({
  title,
  content,
  ...(value !== undefined && { value }),
  ...(unit !== undefined && { unit }),
});

function recoveryOf(
  about: ReturnType<typeof aboutOf>,
  since: number,
  now: number,
  { lang, endingOf }: ReportDeps,
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
