import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { FALLBACK_HOPS_MAX, type FallbackLink, whyNoFallback } from './fallback-chain.js';

const upper = (id: string) => id.toUpperCase();
const links = (...pairs: string[]): FallbackLink[] =>
  pairs.map((pair) => ({ id: pair[0] ?? '', fallback: pair[1] ?? '' }));
const why = (wanted: string, ...stored: string[]) =>
  whyNoFallback(links(wanted)[0] as FallbackLink, links(...stored), upper);

describe('a fallback', () => {
  it('may not lead back, and the way is named', () => {
    expect(why('aa')).toContain('A → A');
    expect(why('ca', 'ab', 'bc')).toContain('C → A → B → C');
    expect(why('ab', 'bc', 'ca')).toContain('A → B → C → A');
  });

  it('is judged by what will be, not by the link that it replaces', () => {
    expect(why('ba', 'bc', 'cd')).toBeUndefined();
    expect(why('bc', 'ba', 'ab')).toBeUndefined();
  });

  it('may be shared', () => {
    expect(why('az', 'bz', 'cz', 'zy')).toBeUndefined();
  });

  it.each([
    ['at the end', 'fg', ['ab', 'bc', 'cd', 'de', 'ef']],
    ['at the front', 'ab', ['bc', 'cd', 'de', 'ef', 'fg']],
    ['in the middle', 'cd', ['ab', 'bc', 'de', 'ef', 'fg']],
    ['by the longest way to it', 'cd', ['ab', 'bc', 'xc', 'de', 'ef', 'fg']],
  ])('may not make a chain too long %s', (_, wanted, stored) => {
    expect(why(wanted, ...stored)).toBe('would make a chain of 6 fallbacks, at most 5 are allowed');
    expect(why(wanted, ...stored.slice(0, -1))).toBeUndefined();
  });
});

it('limits the chain of every delivery, for any sequence of changes', () => {
  const id = fc.constantFrom(...'abcdefghij');
  fc.assert(
    fc.property(fc.array(fc.tuple(id, id), { maxLength: 60 }), (asked) => {
      const stored = new Map<string, string>();
      for (const [from, to] of asked) {
        const now = [...stored].map(([one, fallback]) => ({ id: one, fallback }));
        if (whyNoFallback({ id: from, fallback: to }, now, upper) === undefined) stored.set(from, to);
        for (const start of stored.keys()) {
          let hops = 0;
          for (let at = stored.get(start); at !== undefined && hops < 99; at = stored.get(at)) hops += 1;
          expect(hops).toBeLessThanOrEqual(FALLBACK_HOPS_MAX);
        }
      }
    }),
  );
});
