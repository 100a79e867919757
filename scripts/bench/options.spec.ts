import { describe, expect, it } from 'vitest';
import { readOptions } from './options.mjs';

describe('the words after `npm run bench --`', () => {
  it('choose all measures of the course unless they say otherwise', () => {
    expect(readOptions([])).toMatchObject({ program: 'course', measures: [], profile: false });
    expect(readOptions(['--profile', 'storm'])).toMatchObject({
      program: 'course',
      measures: ['storm'],
      profile: true,
    });
    expect(readOptions(['kafka'])).toMatchObject({ program: 'kafka' });
  });

  it('compare with a commit in ten rounds, or in as many as are given', () => {
    expect(readOptions(['--against', 'main'])).toMatchObject({ program: 'against', commit: 'main', rounds: 10 });
    expect(readOptions(['--against=HEAD~1', '--rounds=3', 'single'])).toMatchObject({
      program: 'against',
      commit: 'HEAD~1',
      rounds: 3,
      measures: ['single'],
    });
  });

  it.each([
    [['--against'], '`--against` is followed by nothing; it needs a commit: a hash, a branch or a tag'],
    [['--against', '--rounds', '3'], '`--against` is followed by `--rounds`; it needs a commit'],
    [['--against', 'main', '--rounds', 'few'], '`--rounds few`: it needs a whole number from 1'],
    [
      ['--against', 'main', 'gentle'],
      '`gentle` is unknown; allowed are `storm`, `single`, `allNew`, `--rounds <number>`',
    ],
    [['strom'], '`strom` is unknown; allowed are `storm`, `single`, `allNew`, `gentle`, `neighbours`, `attacks`'],
  ])('%j: says what was found and what is allowed', (words, message) => {
    expect(() => readOptions(words)).toThrow(message);
  });
});
