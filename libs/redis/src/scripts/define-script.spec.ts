import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, describe, expect, it } from 'vitest';
import { defineScript } from './define-script.js';
import { number, optionalText, text } from './kinds.js';

const folder = mkdtempSync(join(tmpdir(), 'lua-'));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

/** Writes Lua files, and loads the last one of them. */
function load(files: Record<string, string>) {
  const fresh = mkdtempSync(join(tmpdir(), 'lua-'));
  try {
    for (const [name, source] of Object.entries(files)) writeFileSync(join(fresh, `${name}.lua`), source);
    const name = Object.keys(files).at(-1) as string;
    return defineScript({ name, file: pathToFileURL(join(fresh, `${name}.lua`)), whenFull: true, answer: number });
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

describe('the modules that a script needs', () => {
  it('are loaded before it, each once, and after those that they need', () => {
    const script = load({
      a: 'local a = 1',
      b: '-- needs: a\nlocal b = a',
      c: '-- needs: a\nlocal c = a',
      script: '-- needs: c, b, a\nreturn b + c',
    });
    expect(script.source).toBe('#!lua flags=allow-oom\nlocal a = 1\n\nlocal c = a\n\nlocal b = a\n\nreturn b + c');
  });
  it('must exist', () => {
    expect(() => load({ script: '-- needs: missing\nreturn 1' })).toThrow('the Lua script script needs missing');
  });
  it('must not need each other', () => {
    const circle = { a: '-- needs: b\n', b: '-- needs: a\n', script: '-- needs: a\nreturn 1' };
    expect(() => load(circle)).toThrow('circular needs in Lua: script needs a needs b needs a');
  });
});

it('encodes arguments in the order of the declaration, then those of the list', () => {
  const file = join(folder, 'script.lua');
  writeFileSync(file, 'f(args.b, args.a) for i = items.first, items.last, items.step do g(items[i].y, items[i].x) end');
  const script = defineScript({
    name: 'script',
    file: pathToFileURL(file),
    whenFull: false,
    args: { a: text, b: number },
    list: { items: { x: number, y: optionalText } },
    answer: number,
  });
  const items = [
    { x: 1, y: 'one' },
    { y: undefined, x: 2 },
  ];
  expect(script.encode({ b: 7, a: 'first', items })).toEqual(['first', 7, 1, 'one', 2, '']);
  expect(script.source.startsWith('#!lua\n')).toBe(true);
});
