import { defineScript, flag, optionalText, type RedisClient, runScript, text } from '#libs/redis';
import type { Episode } from './episode.js';

const NOTE = defineScript({
  name: 'note-episode',
  file: new URL('./note-episode.lua', import.meta.url),
  whenFull: true,
  args: { object: text, known: optionalText, next: optionalText },
  answer: flag,
});
const EPISODES_KEY = 'tocsin:{own-alerts}:episodes';

/** An episode as it was read. */
export interface StoredEpisode {
  episode: Episode;
  text: string;
}

/** Stored episodes of Tocsin's own alerts, by their objects: no process repeats or forgets an alert of another. */
export interface EpisodeBook {
  all(): Promise<Map<string, StoredEpisode>>;
  /**
   * Stores an episode, or removes it without `next`.
   * @param known as it was read; undefined for a new one
   * @returns the stored episode; false if another process changed it first, and nothing was changed
   */
  note(
    object: string,
    known: StoredEpisode | undefined,
    next: Episode | undefined,
  ): Promise<StoredEpisode | undefined | false>;
}

export function createEpisodeBook(redis: RedisClient): EpisodeBook {
  return {
    async all() {
      const stored = Object.entries(await redis.hgetall(EPISODES_KEY));
      return new Map(stored.map(([object, text]) => [object, { episode: parseEpisode(text), text }]));
    },
    async note(object, known, next) {
      const stored = next && { episode: next, text: formatEpisode(next) };
      const noted = await runScript(redis, NOTE, EPISODES_KEY, { object, known: known?.text, next: stored?.text });
      return noted && stored;
    },
  };
}

/** The subjects' kinds of the alerts that fire, one entry for each alert. */
export async function firingKinds(book: Pick<EpisodeBook, 'all'>): Promise<string[]> {
  return [...(await book.all()).values()].flatMap(({ episode }) => episode.reported?.subject.labels.kind ?? []);
}

/** In Redis the field `reported` is named `told`. */
function formatEpisode({ since, seenAt, reported, calmSince }: Episode): string {
  return JSON.stringify({ since, seenAt, told: reported, calmSince });
}

function parseEpisode(text: string): Episode {
  const { told, ...episode } = JSON.parse(text) as Omit<Episode, 'reported'> & { told?: Episode['reported'] };
  return told ? { ...episode, reported: told } : episode;
}
