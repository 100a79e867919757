import { defineScript, type RedisClient, runScript } from '#libs/redis';
import type { Episode } from './episode.js';

const NOTE = defineScript('note', [new URL('./lua/note.lua', import.meta.url)], { whenFull: true });
const EPISODES_KEY = 'tocsin:{own-alerts}:episodes';

/** An episode as it was read. */
export interface KeptEpisode {
  episode: Episode;
  text: string;
}

/** Episodes of Tocsin's own alerts, by their objects: so that whoever looks next neither repeats nor forgets. */
export interface EpisodeBook {
  all(): Promise<Map<string, KeptEpisode>>;
  /**
   * Remembers what has become of an episode, or, without `next`, that it is over.
   * @param known as it was read; undefined for a new one
   * @returns what is kept now; false where another process was faster, and nothing was changed
   */
  note(
    object: string,
    known: KeptEpisode | undefined,
    next: Episode | undefined,
  ): Promise<KeptEpisode | undefined | false>;
}

export function createEpisodeBook(redis: RedisClient): EpisodeBook {
  return {
    async all() {
      const kept = Object.entries(await redis.hgetall(EPISODES_KEY));
      return new Map(kept.map(([object, text]) => [object, { episode: JSON.parse(text) as Episode, text }]));
    },
    async note(object, known, next) {
      const text = next ? JSON.stringify(next) : '';
      const noted = await runScript(redis, NOTE, EPISODES_KEY, [object, known?.text ?? '', text]);
      if (noted !== 1) return false;
      return next && { episode: next, text };
    },
  };
}

/** What the alerts that fire are about, one entry each. */
export async function firingKinds(book: Pick<EpisodeBook, 'all'>): Promise<string[]> {
  return [...(await book.all()).values()].flatMap(({ episode }) => episode.told?.subject.labels.kind ?? []);
}
