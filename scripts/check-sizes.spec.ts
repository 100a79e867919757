import { describe, expect, it } from 'vitest';
import { findExcess } from './check-sizes.mjs';

const lines = (count: number, line = '  f();'): string => `${line}\n`.repeat(count);
const find = (file: string, text: string): string[] => findExcess(file, text);

describe('findExcess', () => {
  it('passes a file of 300 lines and refuses one of 301', () => {
    for (const file of ['a.ts', 'a.mjs', 'a.js', 'a.lua', 'a.css']) {
      expect(find(file, lines(300, ''))).toEqual([]);
      expect(find(file, lines(301, ''))).toEqual([`${file}: 301 lines, more than 300`]);
    }
  });

  it('passes a function of 60 lines and refuses one of 61, of each kind', () => {
    const kinds = ['function f() {\n', 'const f = () => {\n', 'const f = function () {\n', 'class A { f() {\n'];
    for (const kind of kinds) {
      const end = kind.startsWith('class') ? '}}' : '}';
      expect(find('a.ts', kind + lines(58) + end)).toEqual([]);
      expect(find('a.ts', kind + lines(59) + end)).toEqual(['a.ts:1: f has 61 lines of its own, more than 60']);
    }
    expect(find('a.ts', `it(() => {\n${lines(59)}});`)).toEqual([
      'a.ts:1: a function has 61 lines of its own, more than 60',
    ]);
  });

  it('counts the functions inside a factory for themselves', () => {
    const inner = (name: string, count: number): string => `function ${name}() {\n${lines(count)}}\n`;
    const factory = (count: number): string =>
      `function make() {\n${inner('a', 58)}${inner('b', count)}return { a, b };\n}`;
    expect(find('a.ts', factory(58))).toEqual([]);
    expect(find('a.ts', factory(59))).toEqual(['a.ts:62: b has 61 lines of its own, more than 60']);
    expect(find('a.ts', `const make = () => ({\n  a() {\n${lines(50)}},\n  b: () => {\n${lines(50)}},\n});`)).toEqual(
      [],
    );
  });

  it('counts callbacks for the function that they stand in', () => {
    expect(find('a.ts', `function f() {\nlist.map(() => {\n${lines(57)}});\n}`)).toHaveLength(1);
  });

  it('counts functions of Lua by their blocks', () => {
    const loop = 'for i = 1, 2 do\n  if a then f("end") else g() end -- end\nend\n';
    const most = lines(55, 'f()');
    expect(find('a.lua', `local function f()\n${loop}${most}end`)).toEqual([]);
    expect(find('a.lua', `local function f()\n${loop}${most}g()\nend`)).toEqual([
      'a.lua:1: f has 61 lines of its own, more than 60',
    ]);
    expect(find('a.lua', `repeat\nf()\nuntil true\n${lines(80, 'f()')}`)).toEqual([]);
  });
});
