import { expect, it } from 'vitest';
import { CALM_MS, type Episode, nextStep, REPEAT_MS } from './episode.js';
import type { FiringLevel, Trouble } from './trouble.js';

const SECOND = 1_000;
const trouble = (level: FiringLevel | undefined, over: Partial<Trouble> = {}): Trouble => ({
  object: 'log',
  objectName: 'delivery log',
  team: 'default',
  labels: { kind: 'log' },
  level,
  graceMs: 0,
  title: 't',
  content: 'c',
  ...over,
});

/** What is told when trouble is seen as given, a look every five seconds. */
function tell(looks: readonly (Trouble | undefined)[], everyMs = 5 * SECOND): string[] {
  let episode: Episode | undefined;
  const told: string[] = [];
  looks.forEach((seen, i) => {
    for (;;) {
      const step = nextStep(episode, seen, 1_000_000 + i * everyMs);
      if (step.kind === 'wait') return;
      if (step.kind === 'tell') told.push(`${i} ${step.level}`);
      episode = step.next;
      if (!episode) return;
    }
  });
  return told;
}
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

it('fires once, however long it lasts, and recovers once after a time of calm', () => {
  const calm = CALM_MS / (5 * SECOND);
  expect(tell([...times(50, trouble('error')), ...times(50, undefined)])).toEqual([
    '0 error',
    `${50 + calm} recovered`,
  ]);
});

it('waits for its grace, and says nothing about what passes by itself', () => {
  const seen = trouble('error', { graceMs: 30 * SECOND });
  expect(tell([...times(6, seen), ...times(20, undefined)])).toEqual([]);
  expect(tell(times(20, seen))).toEqual(['6 error']);
});

it('counts its grace from when it began, where that is known', () => {
  const since = (ago: number) => trouble('error', { graceMs: 30 * SECOND, since: 1_000_000 - ago });
  expect(tell(times(9, since(60 * SECOND)))).toEqual(['0 error']);
  expect(tell(times(9, since(20 * SECOND)))).toEqual(['2 error']);
});

it('that comes and goes is one alert', () => {
  const flapping = Array.from({ length: 100 }, (_, i) => (i % 5 < 2 ? trouble('error') : undefined));
  expect(tell(flapping)).toEqual(['0 error']);
});

it('that is between its bounds neither begins an alert nor ends one', () => {
  expect(tell(times(20, trouble(undefined)))).toEqual([]);
  expect(tell([trouble('warning'), ...times(50, trouble(undefined))])).toEqual(['0 warning']);
});

it('is told again when it gets worse, not when it gets better', () => {
  const levels = ['warning', 'fatal', 'warning', 'fatal', 'warning'] as const;
  expect(tell(levels.map((level) => trouble(level)))).toEqual(['0 warning', '1 fatal']);
});

it('is told again every three days, so that its recovery is not lost when the episode would end silently', () => {
  expect(tell(times(8 * 24, trouble('error')), REPEAT_MS / 72)).toEqual(['0 error', '72 error', '144 error']);
});
