import { expect, it } from 'vitest';
import { type AlertEvent, alertEventSchema, LANGUAGES } from '#libs/contracts';
import { endpointTrouble } from './endpoint-trouble.js';
import { CALM_MS } from './episode.js';
import type { EpisodeBook, StoredEpisode } from './episode-book.js';
import { logTrouble } from './log-trouble.js';
import { redisTrouble } from './redis-trouble.js';
import { type ReportDeps, reportTroubles } from './report-troubles.js';
import type { Trouble } from './trouble.js';

const NOW = Date.parse('2026-11-20T08:00:00Z');

function openBook() {
  const stored = new Map<string, StoredEpisode>();
  const book: EpisodeBook = {
    all: async () => new Map(stored),
    async note(object, known, next) {
      if (stored.get(object)?.text !== known?.text) return false;
      if (!next) stored.delete(object);
      else stored.set(object, { episode: next, text: JSON.stringify(next) });
      return stored.get(object);
    },
  };
  const taken: AlertEvent[] = [];
  const deps: ReportDeps = {
    book,
    mayReport: async () => true,
    take: async (event) => void taken.push(event),
    endingOf: () => 'well',
    onReported: () => {},
    onRefused: () => {},
    lang: 'en',
  };
  return { taken, deps };
}
const failing = (id: string): Trouble => {
  const target = { label: 't', state: 'failing', waiting: 1, running: 0, failures: 5, lastError: 'down' };
  const endpoint = { id, name: `name of ${id}`, team: 'default', channel: 'http', changedAt: 0 };
  return endpointTrouble(endpoint, [{ ...target, failingSince: NOW - 60_000, failedAt: NOW }], 'en') as Trouble;
};

it.each(LANGUAGES)('own alerts pass the event schema, in %s', async (lang) => {
  const { taken, deps } = openBook();
  const troubles = [
    failing('e1'),
    redisTrouble(0.9, 0.8, lang) as Trouble,
    logTrouble({ behindMs: 90_000, waiting: 5 }, lang) as Trouble,
  ];
  await reportTroubles(troubles, NOW, { ...deps, lang });
  await reportTroubles([], NOW, { ...deps, lang });
  await reportTroubles([], NOW + CALM_MS, { ...deps, lang });
  expect(taken.map(({ level, object }) => `${level} ${object}`)).toEqual([
    'fatal redis',
    'error endpoint:e1',
    'warning log',
    'recovered redis',
    'recovered endpoint:e1',
    'recovered log',
  ]);
  for (const event of taken) expect(alertEventSchema.parse(event)).toEqual(event);
  expect(new Set(taken.map(({ policy }) => policy))).toEqual(new Set(['tocsin']));
  expect(new Set(taken.map(({ id }) => id)).size).toBe(6);
});

it('an event that was taken in before a crash has the same id when the next process reports it', async () => {
  const { taken, deps } = openBook();
  const { note } = deps.book;
  deps.book.note = async (object, known, next) => {
    if (next?.reported && taken.length === 1) throw new Error('died');
    return note(object, known, next);
  };
  await expect(reportTroubles([failing('e1')], NOW, deps)).rejects.toThrow('died');
  await reportTroubles([failing('e1')], NOW + 5_000, deps);
  await reportTroubles([failing('e1')], NOW + 10_000, deps);
  expect(taken).toHaveLength(2);
  expect(taken[1]?.id).toBe(taken[0]?.id);
});

it('an alert that is refused is reported later, and does not delay the others', async () => {
  const { taken, deps } = openBook();
  const refused: string[] = [];
  const closed: ReportDeps = {
    ...deps,
    async take(event, team) {
      if (event.object === 'endpoint:e1') throw new Error('too full');
      return deps.take(event, team);
    },
    onRefused: ({ object }) => void refused.push(object),
  };
  await reportTroubles([failing('e1'), failing('e2')], NOW, closed);
  expect(taken.map(({ object }) => object)).toEqual(['endpoint:e2']);
  expect(refused).toEqual(['endpoint:e1']);
  await reportTroubles([failing('e1'), failing('e2')], NOW + 5_000, deps);
  expect(taken.map(({ object }) => object)).toEqual(['endpoint:e2', 'endpoint:e1']);
});

it('alerts beyond the quota are reported later, the most severe first', async () => {
  const { taken, deps } = openBook();
  let left = 10;
  const bounded: ReportDeps = { ...deps, mayReport: async () => left-- > 0 };
  const troubles = [...Array.from({ length: 24 }, (_, i) => failing(`e${i}`)), redisTrouble(0.9, 0.8, 'en') as Trouble];
  await reportTroubles(troubles, NOW, bounded);
  expect(taken).toHaveLength(10);
  expect(taken[0]?.object).toBe('redis');
  left = 10;
  await reportTroubles(troubles, NOW + 5_000, bounded);
  left = 10;
  await reportTroubles(troubles, NOW + 10_000, bounded);
  expect(new Set(taken.map(({ object }) => object)).size).toBe(25);
  expect(taken).toHaveLength(25);
});
