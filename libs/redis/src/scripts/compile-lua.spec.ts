import { describe, expect, it } from 'vitest';
import { compileLua, type LuaNames } from './compile-lua.js';
import { flag, list, number, optionalNumber, row, text } from './kinds.js';

const names = (over: Partial<LuaNames> = {}): LuaNames => ({
  args: {},
  list: undefined,
  rows: [],
  sharedRows: [],
  words: {},
  ...over,
});
const compile = (source: string, over: Partial<LuaNames> = {}) =>
  compileLua([{ name: 'a-script', source }], names(over));

describe('arguments', () => {
  const args = { channel: text, job: number, open: flag, now: optionalNumber };
  const used = 'f(args.channel, args.job, args.open, args.now)';

  it('become positions, read by their kind', () => {
    expect(compile(used, { args })).toBe("f(ARGV[1], tonumber(ARGV[2]), (ARGV[3] == '1'), tonumber(ARGV[4]))");
  });
  it.each([
    ['is not declared', `${used} g(args.missing)`, 'a-script.lua:1: args.missing is not declared'],
    ['is read by its position', `${used}\nreturn ARGV[1]`, 'a-script.lua:2: arguments are read by their names'],
    ['is declared and not used', 'f(args.channel)', 'declared, and not used in Lua: args.job, args.open, args.now'],
    ['is used in a comment only', `f(args.channel, args.job, args.open) -- args.now`, 'not used in Lua: args.now'],
    ['is named in a text only', `f(args.channel, args.job, args.open, 'args.now')`, 'not used in Lua: args.now'],
  ])('cannot be defined where one %s', (_, source, message) => {
    expect(() => compile(source, { args })).toThrow(message);
  });
  it('of a field of another table are left alone', () => {
    expect(compile('f(job.args.x)')).toBe('f(job.args.x)');
  });
});

describe('a list of arguments', () => {
  const items = { name: 'items', single: false, fields: { id: text, attempt: number } };
  const ids = { name: 'ids', single: true, fields: { value: text } };

  it('is read field by field behind the other arguments', () => {
    const source = 'f(args.a) for i = items.first, items.last, items.step do g(items[i].id, items[i].attempt) end';
    expect(compile(source, { args: { a: text }, list: items })).toBe(
      'f(ARGV[1]) for i = 2, #ARGV, 2 do g(ARGV[i], tonumber(ARGV[i + 1])) end',
    );
  });
  it('of single values is read by its index, and counted', () => {
    expect(compile('f(ids.count) for i = ids.first, ids.last do g(ids[i]) end', { list: ids })).toBe(
      'f(((#ARGV - 0) / 1)) for i = 1, #ARGV do g(ARGV[i]) end',
    );
  });
  it.each([
    ['an undeclared field', 'f(items[i].id, items[i].attempt, items[i].other)', 'items[].other is not declared'],
    ['no field', 'f(items[i])', 'items[]. is not declared'],
    ['not all fields', 'f(items[i].id)', 'not used in Lua: items[].attempt'],
    ['anything else', 'f(items)', 'items is a list of arguments'],
  ])('cannot be defined where Lua reads %s', (_, source, message) => {
    expect(() => compile(source, { list: items })).toThrow(message);
  });
});

describe('an answer', () => {
  const delivery = row('delivery', { id: text, event: text, inFlight: flag });
  const page = row('page', { cursor: text, deliveries: list(delivery) });

  it('is a list in the order of the declaration, for any order in Lua', () => {
    const source = "return answers.delivery { inFlight = f({ 1, 2 }, ','), id = a, event = g(b, '}'), }";
    expect(compile(source, { rows: delivery.rows })).toBe("return { a, g(b, '}'), f({ 1, 2 }, ',') }");
  });
  it('may contain another one, and arguments', () => {
    const source =
      'return answers.page { deliveries = { answers.delivery { event = e, id = args.id, inFlight = x == y } }, cursor = c }';
    expect(compile(source, { args: { id: text }, rows: page.rows })).toBe('return { c, { { ARGV[1], e, x == y } } }');
  });
  it.each([
    ['lacks a field', 'return answers.delivery { id = a, event = b }', 'delivery lacks inFlight'],
    ['has an undeclared field', 'return answers.delivery { id = a, other = b }', 'delivery.other is not declared'],
    ['has a field twice', 'return answers.delivery { id = a, id = b }', 'delivery.id is set twice'],
    ['has a field without a name', 'return answers.delivery { a }', 'a field has no name'],
    ['is not declared', 'return answers.other { id = a }', 'answers.other is not declared'],
    ['is not built', 'return 1', 'not used in Lua: answers.delivery'],
  ])('cannot be defined where it %s', (_, source, message) => {
    expect(() => compile(source, { rows: delivery.rows })).toThrow(message);
  });
  it('is read with the names of its fields, and rejected where Lua answers fewer', () => {
    expect(
      page.decode([
        '0',
        [
          ['a', '{}', 1],
          ['b', '{}', null],
        ],
      ]),
    ).toEqual({
      cursor: '0',
      deliveries: [
        { id: 'a', event: '{}', inFlight: true },
        { id: 'b', event: '{}', inFlight: false },
      ],
    });
    expect(() => delivery.decode(['a', '{}'])).toThrow('2 of the 3 fields of delivery');
  });
});

describe('a constant', () => {
  const words = { keys: { ready: ':ready' }, constants: { seenMs: 1_000, boundsMs: [5, 10], quote: "it's" } };

  it('becomes its value', () => {
    expect(compile('f(b .. keys.ready, constants.seenMs, constants.boundsMs, constants.quote)', { words })).toBe(
      "f(b .. ':ready', 1000, { 5, 10 }, 'it\\'s')",
    );
  });
  it.each(['keys.missing', 'keys.toString', 'keys'])('cannot be %s, which is not declared', (name) => {
    expect(() => compile(`f(${name})`, { words })).toThrow('is not declared');
  });
});

it('names the line of a mistake in its file, behind comments', () => {
  const files = [
    { name: 'a-module', source: 'local x = 1' },
    { name: 'a-script', source: '-- a comment\n-- another\nreturn args.x' },
  ];
  expect(() => compileLua(files, names())).toThrow('a-script.lua:3: args.x is not declared');
});
