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

/** The alerts that are reported when trouble is seen as given, with a check every five seconds. */
function reports(checks: readonly (Trouble | undefined)[], everyMs = 5 * SECOND): string[] {
  let episode: Episode | undefined;
  const reported: string[] = [];
  checks.forEach((seen, i) => {
    for (;;) {
      const step = nextStep(episode, seen, 1_000_000 + i * everyMs);
      if (step.kind === 'wait') return;
      if (step.kind === 'report') reported.push(`${i} ${step.level}`);
      episode = step.next;
      if (!episode) return;
    }
  });
  return reported;
}
const times = <T>(count: number, one: T): T[] => Array.from({ length: count }, () => one);

it('a lasting trouble fires once and recovers once after a time of calm', () => {
  const calm = CALM_MS / (5 * SECOND);
  expect(reports([...times(50, trouble('error')), ...times(50, undefined)])).toEqual([
    '0 error',
    `${50 + calm} recovered`,
  ]);
});

it('a trouble that passes within its grace is not reported', () => {
  const seen = trouble('error', { graceMs: 30 * SECOND });
  expect(reports([...times(6, seen), ...times(20, undefined)])).toEqual([]);
  expect(reports(times(20, seen))).toEqual(['6 error']);
});

it('the grace counts from the beginning of the trouble, if that is known', () => {
  const since = (ago: number) => trouble('error', { graceMs: 30 * SECOND, since: 1_000_000 - ago });
  expect(reports(times(9, since(60 * SECOND)))).toEqual(['0 error']);
  expect(reports(times(9, since(20 * SECOND)))).toEqual(['2 error']);
});

it('a flapping trouble is one alert', () => {
  const flapping = Array.from({ length: 100 }, (_, i) => (i % 5 < 2 ? trouble('error') : undefined));
  expect(reports(flapping)).toEqual(['0 error']);
});

it('a trouble between its bounds neither begins an alert nor ends one', () => {
  expect(reports(times(20, trouble(undefined)))).toEqual([]);
  expect(reports([trouble('warning'), ...times(50, trouble(undefined))])).toEqual(['0 warning']);
});

it('an alert is repeated when it gets worse, not when it gets better', () => {
  const levels = ['warning', 'fatal', 'warning', 'fatal', 'warning'] as const;
  expect(reports(levels.map((level) => trouble(level)))).toEqual(['0 warning', '1 fatal']);
});

it('an alert is repeated every three days, so that its episode does not end silently and lose its recovery', () => {
  expect(reports(times(8 * 24, trouble('error')), REPEAT_MS / 72)).toEqual(['0 error', '72 error', '144 error']);
});
