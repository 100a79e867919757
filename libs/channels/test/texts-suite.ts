import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, LANGUAGES, type Language } from '#libs/contracts';
import type { Channel } from '../src/channel.js';
import type { Way } from './channel-suite.js';
import { hostileEvents } from './hostile-events.js';
import { sharedBench, shownSince } from './suite-bench.js';

const MANY = 100_000;
/** What fills long texts: a code point of one, three and four bytes, and one letter of several code points. */
const FILLINGS = ['a', '温', '𠮷', '👩‍👩‍👧'];
/** What is left where the last of a filling was cut in two. */
const PARTS = /\p{Cs}|\p{Emoji_Presentation}|\u200d|\ufffd/u;

/** What a provider, its readers or a protocol could take for an order. */
const ORDERS = [
  '<!channel>',
  '<!here|here>',
  '<!subteam^S1>',
  '<@U1>',
  '<@all>',
  '@all',
  '@everyone',
  '@13800138000',
  '<at user_id="all">all</at>',
  '<at id=all></at>',
  '<#C1|general>',
  '<!date^0^{date}|x>',
  '[x](http://evil.example)',
  '![x](http://evil.example/x.png)',
  '<http://evil.example|x>',
  'http://evil.example/@all',
  '<font color="warning">',
  '**',
  '~~',
  '`',
  '```',
  '> ',
  '# ',
  '- [ ] ',
  '| a | b |\n|---|---|',
  '\\',
  '"',
  "'",
  '<script>alert(1)</script>',
  '<img src=http://evil.example>',
  '<!-- ',
  '-->',
  ']]>',
  '&lt;',
  '&amp;lt;',
  '&#64;all',
  '%40all',
  '\n',
  '\r\n',
  '\r\n.\r\n',
  '\r\nBcc: a@evil.example\r\n',
  '\n\n# ',
  '\u2028',
  '\u2029',
  '\u0085',
  '\u0000',
  '\u0007\u001b[2J',
  '\u007f',
  '\u202e',
  '\u200f',
  '\u2066',
  '\u2069',
  '\ufeff',
  '\ud800',
  '\udc00',
  '\udc00\ud800',
  '😀',
  '𠮷',
  '👩‍👩‍👧',
  '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
  'e\u0301',
  '{{ 7 }}',
  '{% raw %}',
  '#{x}',
  '=?utf-8?Q?=0d=0a?=',
  '__proto__',
  '", "mentioned_list": ["@all"], "x": "',
];

const WORDS = ['alpha', 'bravo', 'charlie'];

/** An event with the order in every field, between words by which to know it again. */
function fullOf(order: string, n: number): Partial<AlertEvent> {
  const [first, second, third] = WORDS.map((word) => `${word}${n}x`);
  const text = `${first} ${order}${second} ${order} ${third}`;
  return {
    title: text,
    content: text,
    objectName: text,
    unit: order,
    labels: { region: text, [order]: text },
    annotations: { runbook_url: text, [order]: text },
    url: `javascript:alert(1)//${order}`,
  };
}

/** What every channel must make of texts that are too long, or made to break out of what they stand in. */
export function textsSuite(channel: Channel, way: Way): void {
  const bench = sharedBench(channel, way);

  /** The text that readers were shown of an event; nothing may stand in the way of its delivery. */
  async function show(event: Partial<AlertEvent>, lang: Language = 'en'): Promise<string> {
    bench.fake.play('delivered');
    const before = bench.fake.shown.length;
    const outcome = await bench.sender.send({ event, lang });
    expect(outcome).toMatchObject({ kind: 'delivered' });
    const [shown = ''] = await shownSince(bench.fake, before);
    return shown;
  }

  describe.each(FILLINGS)(`${MANY.toLocaleString('en')} times %s`, (filling) => {
    const long = (word: string): string => word + filling.repeat(MANY);

    it.each([
      ['a title', { title: long('Alpha'), content: 'Bravo' }, ['Alpha']],
      ['a content', { title: 'Alpha', content: long('Bravo') }, ['Alpha', 'Bravo']],
      ['both', { title: long('Alpha'), content: long('Bravo') }, ['Alpha']],
    ])('as %s is taken, begins as it did and is cut between characters', async (_what, event, words) => {
      const shown = await show(event);
      for (const word of words) expect(shown).toMatch(new RegExp(`${word}(${filling}|$|\\s)`, 'u'));
      expect(shown.isWellFormed()).toBe(true);
      expect(shown.replaceAll(filling, '')).not.toMatch(PARTS);
    });
  });

  describe.each(LANGUAGES)('in %s', (lang) => {
    it('what looks like an order is shown, and none', async () => {
      bench.fake.play('delivered');
      const before = bench.fake.shown.length;
      const outcomes = await Promise.all(
        ORDERS.map((order, n) => bench.sender.send({ event: fullOf(order, n), lang })),
      );
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
      const shown = await shownSince(bench.fake, before, ORDERS.length);
      for (const [n, order] of ORDERS.entries()) {
        const found = shown.filter((text) => WORDS.every((word) => text.includes(`${word}${n}x`)));
        expect(found, JSON.stringify(order)).toHaveLength(1);
      }
    });
  });

  it('whatever an alert holds is delivered, with every letter of its title', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvents, fc.constantFrom(...LANGUAGES), async (event, lang) => {
        // An event without a title is told of by its policy and object.
        const shown = await show({ ...BLANK, ...event }, lang);
        expect(lettersOf(shown)).toContain(lettersOf(event.title ?? '').slice(0, LETTERS_MAX));
      }),
      { numRuns: 50 },
    );
  });
}

/** Nothing of the sample that an event without a field would be filled up by. */
const BLANK = { title: '', content: '', value: undefined, labels: {} } as unknown as Partial<AlertEvent>;
/** So many of them fit into every provider's title. */
const LETTERS_MAX = 30;

const lettersOf = (text: string): string => (text.match(/\p{L}/gu) ?? []).join('');
