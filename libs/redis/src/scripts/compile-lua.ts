import type { Fields, Row } from './kinds.js';
import type { LuaFile } from './load-lua.js';
import { maskLua } from './mask-lua.js';

/** The last arguments of a script: any number of items with the same fields. */
export interface ListArguments {
  readonly name: string;
  /** Empty for a list of single values. */
  readonly fields: Fields;
  readonly single: boolean;
}

/** The names by which Lua reads its arguments, builds its answers and knows the constants of TypeScript. */
export interface LuaNames {
  readonly args: Fields;
  readonly list: ListArguments | undefined;
  readonly rows: readonly Row[];
  /** Rows that modules may build for other scripts. */
  readonly sharedRows: readonly Row[];
  readonly words: LuaWords;
}

/** Constants of TypeScript, in groups: `words.keys.ready` is `keys.ready` in Lua. */
export type LuaWords = Readonly<Record<string, Readonly<Record<string, LuaConstant>>>>;

export type LuaConstant = string | number | readonly (string | number)[];

/**
 * Replaces the names in Lua by what they stand for, so that they cost nothing when the script runs:
 * `args.job` by its position, `items[i].id` by that of an item's field, `items.first`, `items.last`, `items.step` and
 * `items.count` by the bounds of a list, a constant such as `keys.ready` by its value, and
 * `answers.delivery { id = …, event = … }` by a list in the order of the declaration.
 * @throws where a name is not declared, a declared one not used, or an answer lacks a field
 */
export function compileLua(files: readonly LuaFile[], names: LuaNames): string {
  const used = new Set<string>();
  const texts = files.map((file) => compileFile(file, names, used));
  const declared = [
    ...Object.keys(names.args).map((name) => `args.${name}`),
    ...(names.list ? Object.keys(names.list.fields).map((field) => `${names.list?.name}[].${field}`) : []),
    ...names.rows.map(({ name }) => `answers.${name}`),
  ];
  const unused = declared.filter((name) => !used.has(name));
  if (unused.length > 0) throw new Error(`declared, and not used in Lua: ${unused.join(', ')}`);
  return texts.join('\n');
}

function compileFile({ name, source }: LuaFile, names: LuaNames, used: Set<string>): string {
  const { text, mask } = maskLua(source);
  const roots = ['args', 'answers', 'ARGV', ...Object.keys(names.words), ...(names.list ? [names.list.name] : [])];
  const pattern = new RegExp(`(?<![\\w.])(${roots.join('|')})\\b`, 'g');

  function fail(at: number, message: string): never {
    throw new Error(`${name}.lua:${text.slice(0, at).split('\n').length}: ${message}`);
  }

  function compile(from: number, to: number): string {
    let compiled = '';
    let at = from;
    pattern.lastIndex = from;
    for (let match = pattern.exec(mask); match && match.index < to; match = pattern.exec(mask)) {
      const [value, end] = replace(match[1] as string, match.index);
      compiled += text.slice(at, match.index) + value;
      at = end;
      pattern.lastIndex = end;
    }
    return compiled + text.slice(at, to);
  }

  /** The Lua that a name is replaced by, and the end of the name. */
  function replace(root: string, at: number): [value: string, end: number] {
    const rest = mask.slice(at + root.length);
    const [dotted = '', field = ''] = /^\.(\w+)/.exec(rest) ?? [];
    const end = at + root.length + dotted.length;
    if (root === 'ARGV') fail(at, 'arguments are read by their names');
    if (root === names.list?.name) return replaceList(names.list, at, rest);
    if (root === 'answers') return [buildRow(field, at, end), closingBrace(end) + 1];
    const value = root === 'args' ? argument(field) : constant(names.words[root] ?? {}, field);
    return [value ?? fail(at, `${root}.${field} is not declared`), end];
  }

  function argument(field: string): string | undefined {
    const position = Object.keys(names.args).indexOf(field) + 1;
    used.add(`args.${field}`);
    return names.args[field]?.read(`ARGV[${position}]`);
  }
  const constant = (group: LuaWords[string], field: string): string | undefined => {
    const value = Object.hasOwn(group, field) ? group[field] : undefined;
    return value === undefined ? undefined : literal(value);
  };

  function replaceList(list: ListArguments, at: number, rest: string): [value: string, end: number] {
    const fields = Object.keys(list.fields);
    const before = Object.keys(names.args).length;
    const bound = /^\.(first|last|step|count)\b/.exec(rest);
    if (bound) {
      const end = at + list.name.length + bound[0].length;
      const bounds = {
        first: String(before + 1),
        last: '#ARGV',
        step: String(fields.length),
        count: `((#ARGV - ${before}) / ${fields.length})`,
      };
      return [bounds[bound[1] as keyof typeof bounds], end];
    }
    const [item = '', index = '', field] =
      /^\[(\w+)\](?:\.(\w+))?/.exec(rest) ?? fail(at, `${list.name} is a list of arguments`);
    const name = list.single ? 'value' : (field ?? '');
    const offset = fields.indexOf(name);
    if (offset < 0) fail(at, `${list.name}[].${name} is not declared`);
    used.add(`${list.name}[].${name}`);
    const position = offset === 0 ? index : `${index} + ${offset}`;
    const length = list.single ? `[${index}]`.length : item.length;
    return [(list.fields[name] as Fields[string]).read(`ARGV[${position}]`), at + list.name.length + length];
  }

  function closingBrace(from: number): number {
    const open = mask.indexOf('{', from);
    if (open < 0 || mask.slice(from, open).trim() !== '') fail(from, 'an answer is built from a table');
    return matchingBracket(mask, open) ?? fail(open, 'an answer has no end');
  }

  function buildRow(rowName: string, at: number, from: number): string {
    const found = [...names.rows, ...names.sharedRows].find((one) => one.name === rowName);
    if (!found) fail(at, `answers.${rowName} is not declared`);
    used.add(`answers.${rowName}`);
    const open = mask.indexOf('{', from);
    const values = new Map<string, string>();
    for (const [start, stop] of partsOf(mask, open + 1, closingBrace(from))) {
      const [head, field = ''] =
        /^\s*(\w+)\s*=(?!=)\s*/.exec(mask.slice(start, stop)) ?? fail(start, 'a field has no name');
      if (!found.fields.includes(field)) fail(start, `${rowName}.${field} is not declared`);
      if (values.has(field)) fail(start, `${rowName}.${field} is set twice`);
      values.set(field, compile(start + head.length, stop).trim());
    }
    const missing = found.fields.filter((field) => !values.has(field));
    if (missing.length > 0) fail(at, `${rowName} lacks ${missing.join(', ')}`);
    return `{ ${found.fields.map((field) => values.get(field)).join(', ')} }`;
  }

  return compile(0, text.length);
}

const OPENING = '({[';
const CLOSING = ')}]';

/** Where the bracket that opens at a position is closed. */
function matchingBracket(mask: string, open: number): number | undefined {
  let depth = 0;
  for (let at = open; at < mask.length; at++) {
    if (OPENING.includes(mask[at] as string)) depth += 1;
    else if (CLOSING.includes(mask[at] as string) && --depth === 0) return at;
  }
  return undefined;
}

/** The parts between the commas of a table. */
function partsOf(mask: string, from: number, to: number): [start: number, stop: number][] {
  const parts: [number, number][] = [];
  let start = from;
  let depth = 0;
  for (let at = from; at <= to; at++) {
    const character = mask[at] as string;
    if (at === to || (character === ',' && depth === 0)) {
      if (mask.slice(start, at).trim() !== '') parts.push([start, at]);
      start = at + 1;
    } else if (OPENING.includes(character)) depth += 1;
    else if (CLOSING.includes(character)) depth -= 1;
  }
  return parts;
}

const quote = (value: string): string => `'${value.replace(/[\\']/g, '\\$&')}'`;

function literal(value: LuaConstant): string {
  if (typeof value === 'number') return String(value);
  if (typeof value === 'string') return quote(value);
  return `{ ${value.map(literal).join(', ')} }`;
}
