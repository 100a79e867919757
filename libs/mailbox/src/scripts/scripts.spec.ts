import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { KEYS } from '../shard/keys.js';

const SCRIPTS = new URL('./', import.meta.url);
const MODULES = new URL('../modules/', import.meta.url);

const luaIn = (folder: URL): string[] =>
  readdirSync(folder)
    .filter((name) => name.endsWith('.lua'))
    .map((name) => name.slice(0, -'.lua'.length));
const read = (folder: URL, name: string): string => readFileSync(new URL(name, folder), 'utf8');
const needsOf = (text: string): string[] => /^-- needs: (.*)/.exec(text)?.[1]?.split(', ') ?? [];

const scripts = luaIn(SCRIPTS).map((name) => ({ name, text: read(SCRIPTS, `${name}.lua`) }));
const modules = luaIn(MODULES).map((name) => ({ name, text: read(MODULES, `${name}.lua`) }));

describe.each(scripts)('the script $name', ({ name }) => {
  it('has its TypeScript caller beside it, whose declaration it meets', async () => {
    expect(read(SCRIPTS, `${name}.ts`)).toContain(`new URL('./${name}.lua', import.meta.url)`);
    // Loading checks every name in Lua against the declaration.
    await import(new URL(`${name}.ts`, SCRIPTS).href);
  });
});

it('every module is needed', () => {
  const needed = new Set([...scripts, ...modules].flatMap(({ text }) => needsOf(text)));
  expect(modules.map(({ name }) => name).filter((name) => !needed.has(name))).toEqual([]);
});

it('the catalogue of keys has none that Lua does not use', () => {
  const all = [...scripts, ...modules].map(({ text }) => text).join('\n');
  expect(Object.keys(KEYS).filter((key) => !new RegExp(`\\bkeys\\.${key}\\b`).test(all))).toEqual([]);
});

it('no key is spelled in Lua', () => {
  const spelled = Object.values(KEYS)
    .map((key) => `'${key}'`)
    .filter((text) => /[:]/.test(text));
  const found = [...scripts, ...modules].filter(({ text }) => spelled.some((key) => text.includes(key)));
  expect(found.map(({ name }) => name)).toEqual([]);
});
