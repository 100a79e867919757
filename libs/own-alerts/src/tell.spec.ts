import { expect, it } from 'vitest';
import { type AlertEvent, alertEventSchema, LANGUAGES } from '#libs/contracts';
import { endpointTrouble } from './endpoint-trouble.js';
import { CALM_MS } from './episode.js';
import type { EpisodeBook, KeptEpisode } from './episode-book.js';
import { logTrouble } from './log-trouble.js';
import { redisTrouble } from './redis-trouble.js';
import { type TellParts, tellTroubles } from './tell.js';
import type { Trouble } from './trouble.js';

const NOW = Date.parse('2026-11-20T08:00:00Z');

function openBook() {
  const kept = new Map<string, KeptEpisode>();
  const book: EpisodeBook = {
    all: async () => new Map(kept),
    async note(object, known, next) {
      if (kept.get(object)?.text !== known?.text) return false;
      if (!next) kept.delete(object);
      else kept.set(object, { episode: next, text: JSON.stringify(next) });
      return kept.get(object);
    },
  };
  const taken: AlertEvent[] = [];
  const parts: TellParts = {
    book,
    mayTell: async () => true,
    take: async (event) => void taken.push(event),
    endingOf: () => 'well',
    onTold: () => {},
    onRefused: () => {},
    lang: 'en',
  };
  return { taken, parts };
}
const failing = (id: string): Trouble => {
  const target = { label: 't', state: 'failing', waiting: 1, running: 0, failures: 5, lastError: 'down' };
  const endpoint = { id, name: `name of ${id}`, team: 'default', channel: 'http', changedAt: 0 };
  return endpointTrouble(endpoint, [{ ...target, failingSince: NOW - 60_000, failedAt: NOW }], 'en') as Trouble;
};

it.each(LANGUAGES)('what is told are events such as may be posted, in %s', async (lang) => {
  const { taken, parts } = openBook();
  const troubles = [
    failing('e1'),
    redisTrouble(0.9, 0.8, lang) as Trouble,
    logTrouble({ behindMs: 90_000, waiting: 5 }, lang) as Trouble,
  ];
  await tellTroubles(troubles, NOW, { ...parts, lang });
  await tellTroubles([], NOW, { ...parts, lang });
  await tellTroubles([], NOW + CALM_MS, { ...parts, lang });
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

it('an event that was taken in by a process that died then has the same id when the next one tells it', async () => {
  const { taken, parts } = openBook();
  const { note } = parts.book;
  parts.book.note = async (object, known, next) => {
    if (next?.told && taken.length === 1) throw new Error('died');
    return note(object, known, next);
  };
  await expect(tellTroubles([failing('e1')], NOW, parts)).rejects.toThrow('died');
  await tellTroubles([failing('e1')], NOW + 5_000, parts);
  await tellTroubles([failing('e1')], NOW + 10_000, parts);
  expect(taken).toHaveLength(2);
  expect(taken[1]?.id).toBe(taken[0]?.id);
});

it('what cannot be taken in now is told later, and holds up nothing else', async () => {
  const { taken, parts } = openBook();
  const refused: string[] = [];
  const closed: TellParts = {
    ...parts,
    async take(event, team) {
      if (event.object === 'endpoint:e1') throw new Error('too full');
      return parts.take(event, team);
    },
    onRefused: ({ object }) => void refused.push(object),
  };
  await tellTroubles([failing('e1'), failing('e2')], NOW, closed);
  expect(taken.map(({ object }) => object)).toEqual(['endpoint:e2']);
  expect(refused).toEqual(['endpoint:e1']);
  await tellTroubles([failing('e1'), failing('e2')], NOW + 5_000, parts);
  expect(taken.map(({ object }) => object)).toEqual(['endpoint:e2', 'endpoint:e1']);
});

it('no more is told at a time than is allowed, the worst first; the rest follows', async () => {
  const { taken, parts } = openBook();
  let left = 10;
  const bounded: TellParts = { ...parts, mayTell: async () => left-- > 0 };
  const troubles = [...Array.from({ length: 24 }, (_, i) => failing(`e${i}`)), redisTrouble(0.9, 0.8, 'en') as Trouble];
  await tellTroubles(troubles, NOW, bounded);
  expect(taken).toHaveLength(10);
  expect(taken[0]?.object).toBe('redis');
  left = 10;
  await tellTroubles(troubles, NOW + 5_000, bounded);
  left = 10;
  await tellTroubles(troubles, NOW + 10_000, bounded);
  expect(new Set(taken.map(({ object }) => object)).size).toBe(25);
  expect(taken).toHaveLength(25);
});
