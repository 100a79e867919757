import { createHash } from 'node:crypto';
import { compileLua, type LuaWords } from './compile-lua.js';
import type { Fields, Kind, ValueOf, ValuesOf } from './kinds.js';
import { loadLua } from './load-lua.js';

/** A script of Redis: its compiled Lua, and how its arguments and its answer are read. */
export interface Script<Arguments, Answer> {
  readonly name: string;
  readonly source: string;
  readonly sha: string;
  encode(args: Arguments): (string | number)[];
  decode(reply: unknown): Answer;
}

/** The names that all scripts of a library share. */
export interface SharedNames {
  /** The folder of the modules; the script's own unless given. */
  readonly modules?: URL;
  readonly words?: LuaWords;
  readonly rows?: readonly Kind<unknown>[];
}

type Lists = Readonly<Record<string, Fields | Kind<unknown>>>;
type ItemOf<L> = L extends Kind<unknown> ? ValueOf<L> : L extends Fields ? ValuesOf<L> : never;
type ListsOf<L extends Lists> = { [Name in keyof L]: readonly ItemOf<L[Name]>[] };

/** One declaration of a script, by which TypeScript calls it and Lua reads and answers. */
export interface ScriptDeclaration<A extends Fields, L extends Lists, R> {
  readonly name: string;
  readonly file: URL;
  /** Whether it runs in a full Redis: for scripts that drain it. Those that fill it are refused before they begin. */
  readonly whenFull: boolean;
  readonly args?: A;
  /** At most one, which follows the other arguments. */
  readonly list?: L;
  readonly answer: Kind<R>;
}

/**
 * Loads a script with the modules that it needs, and checks it against its declaration. The marks for a full Redis need
 * Redis 7 or Valkey.
 * @throws where the Lua text and the declaration differ
 */
export function defineScript<
  const A extends Fields = Record<never, never>,
  const L extends Lists = Record<never, never>,
  R = unknown,
>(declaration: ScriptDeclaration<A, L, R>, shared: SharedNames = {}): Script<ValuesOf<A> & ListsOf<L>, R> {
  const { name, file, whenFull, answer } = declaration;
  const args: Fields = declaration.args ?? {};
  const list = listOf(declaration.list ?? {});
  const files = loadLua(name, file, shared.modules ?? new URL('.', file));
  const compiled = compileLua(files, {
    args,
    list,
    rows: answer.rows,
    sharedRows: (shared.rows ?? []).flatMap((kind) => kind.rows),
    words: shared.words ?? {},
  });
  const source = `${whenFull ? '#!lua flags=allow-oom' : '#!lua'}\n${compiled}`;
  const single = Object.entries(args);
  const fields = Object.entries(list?.fields ?? {});
  return {
    name,
    source,
    sha: createHash('sha1').update(source).digest('hex'),
    encode(values) {
      const given = values as Readonly<Record<string, unknown>>;
      const encoded = single.map(([key, kind]) => kind.encode(given[key]));
      if (!list) return encoded;
      for (const item of given[list.name] as readonly Readonly<Record<string, unknown>>[]) {
        for (const [key, kind] of fields) encoded.push(kind.encode(list.single ? item : item[key]));
      }
      return encoded;
    },
    decode: answer.decode,
  };
}

function listOf(lists: Lists) {
  const [entry, ...others] = Object.entries(lists);
  if (others.length > 0) throw new Error('a script has one list of arguments');
  if (!entry) return undefined;
  const [name, item] = entry;
  const single = typeof item.encode === 'function';
  return { name, single, fields: (single ? { value: item } : item) as Fields };
}
