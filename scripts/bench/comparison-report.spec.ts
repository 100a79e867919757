import { expect, it } from 'vitest';
import { comparisonReport } from './comparison-report.mjs';

const MEASURES = [{ name: 'storm', title: 'repeats', events: 1_000 }];
const round = (build: string, tocsin: number) => ({
  build,
  measure: 'storm',
  tocsin,
  redis: 2,
  postgres: 0,
  perSecond: 100_000 / tocsin,
});

it('the report has the medians, quartiles, ratio and verdict of CPU time and of throughput', () => {
  const ours = [9, 9.1, 8.9, 9, 9].map((tocsin) => round('present', tocsin));
  const theirs = [10, 10.1, 9.9, 10, 10].map((tocsin) => round('0601aa7', tocsin));
  const lines = comparisonReport(['present', '0601aa7'], MEASURES, [...ours, ...theirs]).split('\n');
  const row = (title: string): string[] => (lines.find((line) => line.includes(title)) ?? '').split(' | ').slice(1);
  expect(row('storm: 1,000 repeats')).toEqual(['present', '0601aa7', 'present / 0601aa7', 'present is |']);
  expect(row('CPU of Tocsin')).toEqual(['9.00 [9.00, 9.00]', '10.0 [10.0, 10.0]', '0.900', '10 % less |']);
  expect(row('CPU of Redis').at(-1)).toBe('no difference |');
  expect(row('CPU of PostgreSQL').at(-1)).toBe('no difference |');
  expect(row('throughput').at(-1)).toBe('11 % more |');
  expect(lines.join('\n')).toContain('of 5 rounds');
});
