import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type AlertEvent, LANGUAGES, type Language } from '#libs/contracts';
import type { Channel } from '../src/channel.js';
import type { SendMode } from './channel-suite.js';
import { hostileEvents } from './hostile-events.js';
import { sharedBench, shownSince } from './suite-bench.js';

const MANY = 100_000;
/** The fillings of long texts: code points of one, three and four bytes, and a letter of several code points. */
const FILLINGS = ['a', '温', '𠮷', '👩‍👩‍👧'];
/** The rest of a filling that was split. */
const PARTS = /\p{Cs}|\p{Emoji_Presentation}|\u200d|\ufffd/u;

/** Texts that a provider, its readers' programs or a protocol could execute. */
const COMMANDS = [
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

/** An event with the command in every field, between words that identify it. */
function fullOf(command: string, n: number): Partial<AlertEvent> {
  const [first, second, third] = WORDS.map((word) => `${word}${n}x`);
  const text = `${first} ${command}${second} ${command} ${third}`;
  return {
    title: text,
    content: text,
    objectName: text,
    unit: command,
    labels: { region: text, [command]: text },
    annotations: { runbook_url: text, [command]: text },
    url: `javascript:alert(1)//${command}`,
  };
}

/** The requirements of every channel for texts that are too long or try to break out of their format. */
export function textsSuite(channel: Channel, mode: SendMode): void {
  const bench = sharedBench(channel, mode);

  /** Delivers an event and returns the text that readers see. */
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
      ['as a title', { title: long('Alpha'), content: 'Bravo' }, ['Alpha']],
      ['as a content', { title: 'Alpha', content: long('Bravo') }, ['Alpha', 'Bravo']],
      ['as both', { title: long('Alpha'), content: long('Bravo') }, ['Alpha']],
    ])('%s is delivered, with its beginning, cut between characters', async (_name, event, words) => {
      const shown = await show(event);
      for (const word of words) expect(shown).toMatch(new RegExp(`${word}(${filling}|$|\\s)`, 'u'));
      expect(shown.isWellFormed()).toBe(true);
      expect(shown.replaceAll(filling, '')).not.toMatch(PARTS);
    });
  });

  describe.each(LANGUAGES)('in %s', (lang) => {
    it('shows a text that looks like a command, without executing it', async () => {
      bench.fake.play('delivered');
      const before = bench.fake.shown.length;
      const outcomes = await Promise.all(
        COMMANDS.map((command, n) => bench.sender.send({ event: fullOf(command, n), lang })),
      );
      expect(new Set(outcomes.map(({ kind }) => kind))).toEqual(new Set(['delivered']));
      const shown = await shownSince(bench.fake, before, COMMANDS.length);
      for (const [n, command] of COMMANDS.entries()) {
        const found = shown.filter((text) => WORDS.every((word) => text.includes(`${word}${n}x`)));
        expect(found, JSON.stringify(command)).toHaveLength(1);
      }
    });
  });

  it('delivers any event, with every letter of its title', async () => {
    await fc.assert(
      fc.asyncProperty(hostileEvents, fc.constantFrom(...LANGUAGES), async (event, lang) => {
        // An event without a title is shown by its policy and object.
        const shown = await show({ ...BLANK, ...event }, lang);
        expect(lettersOf(shown)).toContain(lettersOf(event.title ?? '').slice(0, LETTERS_MAX));
      }),
      { numRuns: 50 },
    );
  });
}

/** Empty values for fields that the sample event would fill. */
const BLANK = { title: '', content: '', value: undefined, labels: {} } as unknown as Partial<AlertEvent>;
/** Number of letters that the title of every provider has room for. */
const LETTERS_MAX = 30;

const lettersOf = (text: string): string => (text.match(/\p{L}/gu) ?? []).join('');
