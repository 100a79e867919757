import { describe, expect, it } from 'vitest';
import { checkMatch, createMatcher, type Matchable } from './match.js';
import { MatchError } from './match-error.js';
import { EVENT_UNITS_MAX, MatchingWork, VALUE_CHARS_MAX } from './work.js';

const event = (over: Partial<Matchable> = {}): Matchable => ({
  policy: 'cpu-high',
  object: 'host-42',
  level: 'fatal',
  labels: { region: 'gz', env: 'prod' },
  ...over,
});

const takes = (match: Record<string, string>, of: Matchable, work = new MatchingWork()) =>
  createMatcher(match).takes(of, work);

describe('a match', () => {
  it.each([
    [{ region: 'gz' }, true],
    [{ region: 'bj' }, false],
    [{ region: 'gz', env: 'test' }, false],
    [{ policy: 'cpu-high' }, true],
    [{ object: '~host-\\d+' }, true],
    [{ object: '~host' }, false],
    [{ object: '~host-4|bus' }, false],
    [{ level: '~fatal|error' }, true],
    [{ level: 'warning' }, false],
    [{ missing: '' }, true],
    [{ missing: '~.+' }, false],
    [{ missing: '~' }, true],
    [{ region: '~(?i)GZ' }, true],
    [{ constructor: '' }, true],
    [{ toString: '~.*' }, true],
  ])('%j takes the event: %s', (match, expected) => {
    expect(takes(match as Record<string, string>, event())).toBe(expected);
  });

  it('policy, object and level are the fields of the event, not labels of the same name', () => {
    expect(takes({ level: 'info' }, event({ labels: { level: 'info' } }))).toBe(false);
  });

  it('. matches line breaks', () => {
    expect(takes({ region: '~a.*z' }, event({ labels: { region: 'a\nz' } }))).toBe(true);
  });

  it('a missing label is the empty string', () => {
    expect(takes({ region: '' }, event({ labels: undefined }))).toBe(true);
  });

  it.each([
    '(',
    '(?=a)',
    '\\1',
    '[z-a]',
    'a{2,1}',
    'x'.repeat(1_025),
    `(?:${'a'.repeat(1_000)}){1000}`,
    '((a{0,100}){0,9}){0,9}',
  ])('names the entry whose expression is bad: %s', (source) => {
    expect(() => checkMatch({ region: 'gz', zone: `~${source}` })).toThrow(expect.objectContaining({ entry: 'zone' }));
    expect(() => checkMatch({ zone: `~${source}` })).toThrow(MatchError);
  });

  it('evaluates expressions only if all equal values match', () => {
    const work = new MatchingWork();
    expect(takes({ object: '~.*', region: 'bj' }, event(), work)).toBe(false);
    expect(work.spent).toBe(0);
    expect(takes({ object: '~.*', region: 'gz' }, event(), work)).toBe(true);
    expect(work.spent).toBeGreaterThan(0);
  });

  it('does not evaluate an expression over the work of an event, and names its entry', () => {
    const work = new MatchingWork();
    const hostile = createMatcher({ object: '~(.*a.{30})*b.{40}' });
    const value = event({ object: 'ab'.repeat(500) });
    let tested = 0;
    for (; work.overrun === undefined; tested += 1) hostile.takes(value, work);
    expect(work.spent).toBeLessThanOrEqual(EVENT_UNITS_MAX);
    expect(tested).toBeLessThan(10);
    expect(work.overrun).toMatchObject({ entry: 'object', message: expect.stringMatching(/^needs \d+ units of work/) });
  });

  it('does not evaluate an expression on a long value, and names its entry', () => {
    const work = new MatchingWork();
    expect(takes({ region: '~.*' }, event({ labels: { region: 'a'.repeat(VALUE_CHARS_MAX) } }), work)).toBe(true);
    expect(
      takes({ region: '~.*' }, event({ labels: { region: 'a'.repeat(VALUE_CHARS_MAX + 1) } }), work),
    ).toBeUndefined();
    expect(work.overrun).toMatchObject({ entry: 'region', message: expect.stringContaining('4097 characters') });
  });

  it('counts entries that are over the budget as work too', () => {
    const work = new MatchingWork();
    const tooLong = event({ labels: { region: 'a'.repeat(VALUE_CHARS_MAX + 1) } });
    for (let i = 0; i < 3; i += 1) expect(takes({ region: '~x' }, tooLong, work)).toBeUndefined();
    expect(work.spent).toBe(300);
  });

  it('an entry that is not evaluated decides nothing, unless an entry before it is not satisfied', () => {
    const work = new MatchingWork(10);
    expect(takes({ region: '~gz', env: '~.*' }, event(), work)).toBeUndefined();
    expect(takes({ region: '~b', env: '~.*' }, event(), new MatchingWork(10))).toBe(false);
    expect(takes({ region: 'bj', env: '~.*' }, event(), work)).toBe(false);
  });

  it('an expression is prepared once, however many others are compiled afterwards', () => {
    const matcher = createMatcher({ region: '~prepared once' });
    expect(matcher.prepare()).toBeGreaterThan(0);
    for (let i = 0; i < 4_001; i += 1) createMatcher({ region: `~${i}` }).prepare();
    expect(matcher.prepare()).toBe(0);
  });

  it('a stored expression that does not compile is not evaluated, and is named', () => {
    const work = new MatchingWork();
    expect(takes({ region: '~(' }, event(), work)).toBeUndefined();
    expect(work.overrun).toMatchObject({ entry: 'region', message: expect.stringContaining('does not compile') });
  });

  it('names the program steps of an expression that is too large to be saved', () => {
    expect(() => checkMatch({ zone: '~([a-z]{0,30}){0,30}[a-z]{0,300}' })).toThrow(
      /has \d+ program steps .*, at most 2000 are allowed/,
    );
  });
});
