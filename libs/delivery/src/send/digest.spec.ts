import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, LANGUAGES, LEVELS, textSize } from '#libs/contracts';
import { composeDigest, type DigestEntry, type DigestForm } from './digest.js';

const entries = (count: number, over: Partial<AlertEvent> = {}, policyName = 'CPU high'): DigestEntry[] =>
  Array.from({ length: count }, (_, i) => ({
    event: {
      id: `${i}`,
      policy: 'cpu',
      object: `host-${i}`,
      level: 'fatal',
      startsAt: `2026-11-20T08:00:${String(i % 60).padStart(2, '0')}Z`,
      ...over,
    },
    policyName,
    suppressedCount: 0,
  }));

const form = (over: Partial<DigestForm> = {}): DigestForm => ({
  id: 'dg_1',
  lang: 'en',
  now: Date.parse('2026-11-20T08:01:00Z'),
  limit: { max: 4_000, unit: 'characters' },
  write: (value) => value,
  ...over,
});

/** The events that are listed or counted as not listed. */
function counted(content: string): number {
  const listed = content.match(/^· /gm)?.length ?? 0;
  const more = [...content.matchAll(/(?:… and |…… 另有 (?:\d+ 组共 )?)(\d+)/g)].map(([, count]) => Number(count));
  return more.reduce((sum, count) => sum + count, listed);
}

describe('a digest', () => {
  it('counts all, and lists them by level and policy, the most severe first, the newest first in each', () => {
    const { title, content, level } = composeDigest(
      [
        ...entries(2, { level: 'warning' }, 'Disk full'),
        ...entries(3),
        ...entries(1, { level: 'recovered', endsAt: '2026-11-20T09:00:00Z' }),
      ],
      form(),
    );
    expect(level).toBe('fatal');
    expect(title).toBe('[Fatal] 6 alerts: 2 still firing, 1 recovered');
    expect(content.split('\n').filter((line) => /^[[·]/.test(line))).toEqual([
      '[Fatal] CPU high: 3',
      expect.stringMatching(/^· \d\d:00:02 host-2$/),
      expect.stringMatching(/^· \d\d:00:01 host-1$/),
      expect.stringMatching(/^· \d\d:00:00 host-0$/),
      '[Warning] Disk full: 2',
      expect.stringMatching(/host-1$/),
      expect.stringMatching(/host-0$/),
      '[Recovered] CPU high: 1',
      expect.stringMatching(/host-0$/),
    ]);
    expect(content).toMatch(/\nDigest dg_1, times at [+-]\d\d:\d\d$/);
  });

  it('is a recovery when no alert in it fires', () => {
    const { title, level } = composeDigest(entries(2, { level: 'recovered' }), form({ lang: 'zh-CN' }));
    expect([title, level]).toEqual(['[恢复] 2 条告警', 'recovered']);
  });

  it('lists the most severe when there is no room for all, and counts the rest', () => {
    const two = [...entries(20), ...entries(20, {}, 'Memory low')];
    const { content } = composeDigest(
      [...two, ...entries(100, { level: 'warning' }, 'Disk full')],
      form({ limit: { max: 900, unit: 'characters' } }),
    );
    expect(content).toMatch(/\[Fatal\] CPU high: 20\n· .*host-19\n/);
    expect(content).toMatch(/\[Fatal\] Memory low: 20\n· .*host-19\n/);
    expect(content).toMatch(/\[Warning\] Disk full: 100\n… and 100 more\n/);
    expect(counted(content)).toBe(140);
  });

  it('lists at most 60 events', () => {
    const { content } = composeDigest(entries(500), form({ limit: { max: 50_000, unit: 'characters' } }));
    expect(content.split('\n').length).toBeLessThan(70);
    expect(counted(content)).toBe(500);
  });

  it('counts the alerts that still fire at its end, and shows recovered ones as recovered', () => {
    const { title, level } = composeDigest([...entries(3), ...entries(2, { level: 'recovered' })], form());
    expect([title, level]).toEqual(['[Fatal] 5 alerts: 1 still firing, 2 recovered', 'fatal']);
    const over = composeDigest([...entries(2), ...entries(2, { level: 'recovered' })], form());
    expect([over.title, over.level]).toEqual(['[Recovered] 4 alerts', 'recovered']);
  });

  it('removes direction marks from the line of an alert', () => {
    expect(composeDigest(entries(1, { title: 'a\u202eb\u2066c' }), form()).content).toContain('host-0: abc');
  });

  it('names the number of suppressed events', () => {
    const some = entries(2).map((one) => ({ ...one, suppressedCount: 4 }));
    expect(composeDigest(some, form()).content).toContain('8 repeated events were suppressed');
  });

  it('keeps an alert on one line, and escapes its markup', () => {
    const { content } = composeDigest(
      entries(1, { title: 'a\n\n· forged\r\n<!channel>' }),
      form({ write: (value) => value.replaceAll('<', '&lt;') }),
    );
    expect(content).toMatch(/^· \S+ host-0: a · forged &lt;!channel>$/m);
  });

  it('stays within its limit and counts every event, for any events', () => {
    const events = fc.array(
      fc.record({
        policy: fc.constantFrom('cpu', '磁盘', 'x'.repeat(256)),
        object: fc.string({ unit: 'grapheme', minLength: 1, maxLength: 30 }),
        level: fc.constantFrom(...LEVELS),
        title: fc.string({ unit: 'grapheme', maxLength: 300 }),
      }),
      { minLength: 2, maxLength: 120 },
    );
    fc.assert(
      fc.property(
        events,
        fc.integer({ min: 300, max: 5_000 }),
        fc.constantFrom('bytes' as const, 'characters' as const),
        fc.constantFrom(...LANGUAGES),
        (some, max, unit, lang) => {
          const all = some.map((event) => ({
            event: { id: 'e', ...event, title: event.title.replaceAll('…', '') },
            policyName: event.policy,
            suppressedCount: 0,
          }));
          const { content } = composeDigest(all, form({ limit: { max, unit }, lang }));
          expect(textSize(content, unit)).toBeLessThanOrEqual(max);
          expect(counted(content)).toBe(all.length);
        },
      ),
      { numRuns: 200 },
    );
  });
});
