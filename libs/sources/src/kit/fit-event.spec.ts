import { describe, expect, it } from 'vitest';
import { EVENT_BYTES_MAX } from '#libs/contracts';
import { fitEvent } from './fit-event.js';
import type { SourceEvent } from './source-event.js';

const base: SourceEvent = { policy: 'p', object: 'o', level: 'fatal', labels: { a: '1' } };
const bytes = (event: SourceEvent) => Buffer.byteLength(JSON.stringify(event));

describe('an alert that is larger than an event may be', () => {
  it('is left as it is as long as it fits', () => {
    const event = { ...base, content: 'x'.repeat(60_000) };
    expect(fitEvent(event)).toBe(event);
  });

  it.each([
    ['a long description', { content: 'x'.repeat(100_000), annotations: { description: 'x'.repeat(100_000) } }],
    ['an emoji at every place to cut', { content: '😀'.repeat(40_000), title: `x${'😀'.repeat(40_000)}` }],
    ['texts that grow by escapes', { content: '\u0001'.repeat(60_000), title: '\u0001'.repeat(60_000) }],
    [
      'many annotations',
      { annotations: Object.fromEntries(Array.from({ length: 90 }, (_, i) => [`a${i}`, 'x'.repeat(900)])) },
    ],
  ])('is cut where people read it, and keeps what tells it apart: %s', (_, over) => {
    const fitted = fitEvent({ ...base, ...over });
    expect(bytes(fitted)).toBeLessThanOrEqual(EVENT_BYTES_MAX - 160);
    expect(fitted).toMatchObject(base);
    const texts = [fitted.title, fitted.content, ...Object.values(fitted.annotations ?? {})].filter(
      (text) => text !== undefined,
    );
    expect(texts.length).toBeGreaterThan(0);
    for (const text of texts) {
      expect(text).toMatch(/…$/);
      expect(text.isWellFormed()).toBe(true);
    }
  });

  it('loses annotations and link where there are too many even of short ones', () => {
    const annotations = Object.fromEntries(Array.from({ length: 9_000 }, (_, i) => [`annotation_${i}`, 'x']));
    expect(fitEvent({ ...base, title: 'kept', url: 'http://x', annotations })).toEqual({ ...base, title: 'kept' });
  });

  it('keeps its labels, even where it stays too large for them', () => {
    const labels = { a: 'x'.repeat(70_000) };
    expect(fitEvent({ ...base, labels, content: 'y' }).labels).toBe(labels);
  });
});
