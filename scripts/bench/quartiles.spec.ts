import { describe, expect, it } from 'vitest';
import { compare, quartiles } from './quartiles.mjs';

describe('quartiles', () => {
  it('are interpolated between neighbours, regardless of the order of the numbers', () => {
    expect(quartiles([4, 1, 3, 2])).toEqual({ q1: 1.75, median: 2.5, q3: 3.25 });
    expect(quartiles([10, 30, 20, 50, 40])).toEqual({ q1: 20, median: 30, q3: 40 });
  });

  it('of one number are that number', () => expect(quartiles([7])).toEqual({ q1: 7, median: 7, q3: 7 }));

  it('do not change the numbers they are computed from', () => {
    const numbers = [2, 1];
    quartiles(numbers);
    expect(numbers).toEqual([2, 1]);
  });
});

describe('a difference between two builds', () => {
  it('is none while the ranges between the quartiles overlap or touch', () => {
    expect(compare([10, 11, 12, 13, 14], [12, 13, 14, 15, 16]).verdict).toBe('no difference');
    expect(compare([1, 2, 3, 4, 5], [3, 4, 5, 6, 7]).verdict).toBe('no difference');
    expect(compare([1, 2, 3, 4, 5], [3.1, 4.1, 5.1, 6.1, 7.1]).verdict).not.toBe('no difference');
    expect(compare([5, 5, 5, 5, 5], [5, 5, 5, 5, 5]).verdict).toBe('no difference');
  });

  it('is the ratio of the medians where they do not overlap', () => {
    const around = (middle: number): number[] => [-0.2, -0.1, 0, 0.1, 0.2].map((step) => middle + step);
    expect(compare(around(95), around(100))).toMatchObject({ ratio: 0.95, verdict: '5.0 % less' });
    expect(compare(around(110), around(100)).verdict).toBe('10 % more');
    expect(compare(around(150), around(100)).verdict).toBe('50 % more');
  });

  it('has no percentage where the other median is 0', () => {
    expect(compare([5, 5, 5, 5, 5], [0, 0, 0, 0, 1]).verdict).toBe('more');
  });

  it('does not come from a single round that deviates', () => {
    expect(compare([10, 10, 10, 10, 99], [10, 10, 10, 10, 10]).verdict).toBe('no difference');
  });

  it('has no verdict with fewer than five rounds', () => {
    expect(compare([1, 1, 1, 1], [2, 2, 2, 2]).verdict).toBe('too few rounds');
  });
});
