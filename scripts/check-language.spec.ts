import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { findPhrases, parsePhrases } from './check-language.mjs';

const LIST = parsePhrases(`
# a made-up list
zounds               # say it plainly
as (you|they) wish   # on request
^thus                # begin with a noun
except box:zounds    # part of a stored key
except zounds @apps/old/  # replaced with the folder
`);
const find = (file: string, ...lines: string[]): string[] =>
  findPhrases(file, lines.join('\n'), LIST).map(({ line, phrase }) => `${line} ${phrase}`);

describe('findPhrases', () => {
  it('finds a phrase in comments, names and texts of TypeScript, with its line', () => {
    const lines = [
      '/** Ends, zounds. */',
      'const isZounds = 1; // zounds',
      'log(`a',
      '  zounds`);',
      'ZOUNDS_AT = "zounds";',
    ];
    expect(find('a.ts', ...lines)).toEqual(['1 zounds', '2 zounds', '2 Zounds', '4 zounds', '5 ZOUNDS', '5 zounds']);
  });

  it('finds a phrase in every other kind of file', () => {
    expect(find('a.lua', '-- zounds', 'local zounds_at = "-- zounds"')).toEqual(['1 zounds', '2 zounds']);
    expect(find('a.css', '/* zounds */', '.zounds-box { }')).toEqual(['1 zounds', '2 zounds']);
    expect(find('a.html', '<!-- zounds -->', '<p id="zounds">')).toEqual(['1 zounds', '2 zounds']);
    expect(find('a.sql', '-- zounds', 'select zounds_at')).toEqual(['1 zounds', '2 zounds']);
    expect(find('a.mjs', "import './zounds.mjs';")).toEqual(['1 zounds']);
    expect(find('a.md', 'a `zoundsAt`')).toEqual(['1 zounds']);
  });

  it('finds a phrase that runs over the lines of a comment', () => {
    expect(find('a.ts', '/**', ' * Sends it as', ' * they wish.', ' */')).toEqual(['2 as they wish']);
    expect(find('a.ts', '  // as', '  // you wish')).toEqual(['1 as you wish']);
    expect(find('a.lua', '-- as', '-- you wish')).toEqual(['1 as you wish']);
  });

  it('finds the first word of a comment, and that word nowhere else', () => {
    expect(find('a.ts', '/** Thus it ends. */', '/**', ' * Thus.', ' */', '// thus')).toEqual([
      '1 Thus',
      '3 Thus',
      '5 thus',
    ]);
    expect(find('a.ts', '/** It ends thus. */', 'thus("Thus");')).toEqual([]);
    expect(find('a.ts', 'f(); // ends', '// thus')).toEqual(['2 thus']);
    expect(find('a.lua', '-- Thus it ends.')).toEqual(['1 Thus']);
  });

  it('passes words that contain a phrase, and text without one', () => {
    expect(find('a.ts', '/** Sends zoundsmen. */', 'const azounds = `has they wish`;')).toEqual([]);
  });

  it('allows what an exception names, in its folder alone if it names one', () => {
    expect(find('a.lua', 'local key = "box:zounds"')).toEqual([]);
    expect(find('apps/old/a.ts', 'zounds();')).toEqual([]);
    expect(find('apps/new/a.ts', 'zounds();')).toEqual(['1 zounds']);
  });
});

describe('parsePhrases', () => {
  it('refuses a line without a reason', () => {
    expect(() => parsePhrases('zounds')).toThrow('banned-phrases.txt:1');
    expect(() => parsePhrases('# fine\nexcept zounds  #')).toThrow('banned-phrases.txt:2');
  });

  it('reads the list of the project', () => {
    const list = parsePhrases(readFileSync(new URL('banned-phrases.txt', import.meta.url), 'utf8'));
    const old = ['to', 'ld by ', 'who', 'ever is air', 'bo', 'rne'].join('');
    expect(findPhrases('a.md', old, list)).toHaveLength(3);
    expect(findPhrases('a.ts', '/** Deliveries in flight, in milliseconds. */\nconst inFlight = 1;', list)).toEqual([]);
  });
});
