import { describe, expect, it } from 'vitest';
import { compileMatch, type Matchable, MatchError } from './match.js';

const event = (over: Partial<Matchable> = {}): Matchable => ({
  policy: 'cpu-high',
  object: 'host-42',
  level: 'fatal',
  labels: { region: 'gz', env: 'prod' },
  ...over,
});

describe('compileMatch', () => {
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
  ])('%j takes the event: %s', (match, takes) => {
    expect(compileMatch(match as Record<string, string>)(event())).toBe(takes);
  });

  it('policy, object and level are the fields of the event, not labels of the same name', () => {
    expect(compileMatch({ level: 'info' })(event({ labels: { level: 'info' } }))).toBe(false);
  });

  it('. matches line breaks', () => {
    expect(compileMatch({ region: '~a.*z' })(event({ labels: { region: 'a\nz' } }))).toBe(true);
  });

  it('a missing label is the empty string', () => {
    expect(compileMatch({ region: '' })(event({ labels: undefined }))).toBe(true);
  });

  it.each(['(', '(?=a)', '\\1', '[z-a]', 'a{2,1}', 'x'.repeat(1_025), '((a{0,100}){0,9}){0,9}'])(
    'names the entry whose expression is bad: %s',
    (source) => {
      expect(() => compileMatch({ region: 'gz', zone: `~${source}` })).toThrow(
        expect.objectContaining({ entry: 'zone' }),
      );
      expect(() => compileMatch({ zone: `~${source}` })).toThrow(MatchError);
    },
  );

  it('matching takes linear time where backtracking would not end', () => {
    const takes = compileMatch({ region: '~(a*)*b' });
    expect(takes(event({ labels: { region: 'a'.repeat(50_000) } }))).toBe(false);
  });
});
