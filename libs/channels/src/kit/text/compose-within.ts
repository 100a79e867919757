import { cutText } from '#libs/contracts';

/**
 * Composes the text, cut so that the result has at most `bytesMax` bytes. `compose` may add text and escape characters,
 * but must not return fewer bytes for a longer text.
 */
export function composeWithin(text: string, bytesMax: number, compose: (text: string) => string): string {
  const whole = compose(text);
  if (Buffer.byteLength(whole) <= bytesMax) return whole;
  const composeCut = (max: number): string => compose(cutText(text, { max, unit: 'bytes' }));
  let [fits, tooMany] = [0, bytesMax + 1];
  while (tooMany - fits > 1) {
    const max = Math.floor((fits + tooMany) / 2);
    if (Buffer.byteLength(composeCut(max)) <= bytesMax) fits = max;
    else tooMany = max;
  }
  return composeCut(fits);
}
