import fc from 'fast-check';
import { expect, it } from 'vitest';
import { composeWithin } from './compose-within.js';

it('cuts the text so that the result fits, and leaves a text that fits unchanged', () => {
  const anything = fc.oneof(
    fc.string({ unit: 'binary', maxLength: 300 }),
    fc.constantFrom('"', '温', '\n').map((c) => c.repeat(200)),
  );
  fc.assert(
    fc.property(anything, fc.integer({ min: 40, max: 400 }), (raw, bytesMax) => {
      const text = raw.toWellFormed();
      const compose = (some: string) => JSON.stringify({ before: 'x', some });
      const whole = composeWithin(text, bytesMax, compose);
      expect(Buffer.byteLength(whole)).toBeLessThanOrEqual(bytesMax);
      const shown = JSON.parse(whole).some as string;
      if (Buffer.byteLength(compose(text)) <= bytesMax) expect(shown).toBe(text);
      else expect(text.startsWith(shown.replace(/…$/, ''))).toBe(true);
    }),
  );
});
