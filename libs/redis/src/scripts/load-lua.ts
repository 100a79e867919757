import { readFileSync } from 'node:fs';

/** A Lua file of a script: the script itself, or a module that it needs. */
export interface LuaFile {
  readonly name: string;
  readonly source: string;
}

const NEEDS = /^-- needs: (.+)/;

/** Names of the modules in the first line of a Lua file: `-- needs: mailbox, claim`. */
const needsOf = (source: string): string[] =>
  NEEDS.exec(source)?.[1]
    ?.split(',')
    .map((name) => name.trim()) ?? [];

/**
 * Reads a script and the modules that it needs, themselves or by others, each once and after those that it needs.
 * @param modules the folder of the modules
 * @throws where a module is missing, or modules need each other
 */
export function loadLua(name: string, file: URL, modules: URL): LuaFile[] {
  const loaded = new Map<string, LuaFile>();

  function load(current: LuaFile, chain: readonly string[]): void {
    for (const need of needsOf(current.source)) {
      if (chain.includes(need)) throw new Error(`circular needs in Lua: ${[...chain, need].join(' needs ')}`);
      if (!loaded.has(need)) load(readModule(need, current.name, modules), [...chain, need]);
    }
    loaded.set(current.name, current);
  }
  load({ name, source: readFileSync(file, 'utf8') }, [name]);
  return [...loaded.values()];
}

function readModule(name: string, neededBy: string, modules: URL): LuaFile {
  try {
    return { name, source: readFileSync(new URL(`${name}.lua`, modules), 'utf8') };
  } catch (error) {
    throw new Error(`the Lua script ${neededBy} needs ${name}, and there is no module of that name`, { cause: error });
  }
}
