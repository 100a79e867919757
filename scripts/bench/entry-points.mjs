import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Advice } from '../run.mjs';

const SCRIPTS = { api: 'start:api', worker: 'start:worker', migration: 'migrate' };
const COMMAND = /^(?:exec )?node ((?:\S+ )*?dist\/\S+\.js(?: \S+)*)$/;

/** Arguments of `node` for each program of a tree. Paths of built files differ between commits, script names do not. */
export function entryPoints(tree) {
  const { scripts = {} } = JSON.parse(readFileSync(join(tree, 'package.json'), 'utf8'));
  return Object.fromEntries(
    Object.entries(SCRIPTS).map(([program, name]) => [program, nodeArguments(name, scripts[name])]),
  );
}

/** The arguments in a script of package.json such as `exec node --enable-source-maps dist/apps/api/src/main.js`. */
export function nodeArguments(name, script) {
  const [, args] = COMMAND.exec(script ?? '') ?? [];
  if (args !== undefined) return args.split(' ');
  const found = script === undefined ? 'is missing' : `is \`${script}\``;
  throw new Advice(`package.json: the script \`${name}\` ${found}; the bench needs \`node … dist/….js …\`.`);
}
