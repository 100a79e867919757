import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutText } from './cut-text.js';

describe('cutText', () => {
  it.each<[string, number, 'bytes' | 'characters', string]>([
    ['short', 5, 'characters', 'short'],
    ['short', 4, 'characters', 'sho…'],
    ['温度过高', 12, 'bytes', '温度过高'],
    ['温度过高', 11, 'bytes', '温度…'],
    ['温度过高', 3, 'characters', '温度…'],
    ['a\u0301b\u0301c\u0301d\u0301', 6, 'characters', 'a\u0301b\u0301…'],
    ['👨‍👩‍👧‍👦👨‍👩‍👧‍👦', 10, 'characters', '👨‍👩‍👧‍👦…'],
    ['🇩🇪🇫🇷', 3, 'characters', '🇩🇪…'],
    ['one two', 5, 'characters', 'one…'],
    ['abc', 2, 'bytes', ''],
    ['', 0, 'bytes', ''],
  ])('%j to %d %s is %j', (text, max, unit, expected) => expect(cutText(text, { max, unit })).toBe(expected));

  it('a cut text fits the limit, is a beginning of the text and ends with the mark', () => {
    const unit = fc.constantFrom('bytes' as const, 'characters' as const);
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), fc.nat(120), unit, (text, max, of) => {
        const cut = cutText(text, { max, unit: of });
        const size = of === 'bytes' ? Buffer.byteLength(cut) : [...cut].length;
        if (size > max) return false;
        if (cut === text || cut === '') return true;
        return (
          cut.endsWith('…') &&
          text.startsWith(cut.slice(0, -1)) &&
          cut.isWellFormed() === text.slice(0, cut.length - 1).isWellFormed()
        );
      }),
      { numRuns: 2_000 },
    );
  });
});
