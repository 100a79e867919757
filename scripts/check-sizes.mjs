// Checks that no source file has more than 300 lines and no function more than 60 of its own. Lines of named functions
// inside a function count for those, so a factory may be as long as its functions need.
// node scripts/check-sizes.mjs [file or folder …]    without arguments: all sources
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parseSync, Visitor } from 'vite';
import { ROOT } from './run.mjs';
import { splitSource } from './source-comments.mjs';
import { sourceFiles } from './source-files.mjs';

const FOLDERS = ['apps', 'libs', 'scripts', 'test/support'];
const EXTENSIONS = ['ts', 'tsx', 'mjs', 'js', 'lua', 'css'];
const MOST_LINES = 300;
const MOST_LINES_OF_A_FUNCTION = 60;
const isForTests = (file) => /\.spec\.ts$|\/fixtures\.ts$|^libs\/[^/]+\/test\//.test(file);

/** Lines that a text has up to an offset, from 1. */
const lineAt = (text, offset) => text.slice(0, offset).split('\n').length;

/** Functions of TypeScript or JavaScript: `{ name, start, end, isNamed }`, outer ones before inner ones. */
function scriptFunctions(text, extension) {
  const functions = [];
  const names = new Map();
  const take = (node) => {
    if (node.body) functions.push({ start: node.start, end: node.end, name: node.id?.name ?? names.get(node.start) });
  };
  const nameValue = (key, value) => value && names.set(value.start, key?.name ?? key?.value ?? 'a function');
  new Visitor({
    VariableDeclarator: ({ id, init }) => nameValue(id, init),
    Property: ({ key, value }) => nameValue(key, value),
    PropertyDefinition: ({ key, value }) => nameValue(key, value),
    MethodDefinition: ({ key, value }) => nameValue(key, value),
    FunctionDeclaration: take,
    FunctionExpression: take,
    ArrowFunctionExpression: take,
  }).visit(parseSync(`a.${extension}`, text).program);
  return functions;
}

/** Functions of Lua, by its words that open and close a block. */
function luaFunctions(text) {
  const code = splitSource(text, 'lua').code.replace(/"(?:\\.|[^"\\\n])*"|'(?:\\.|[^'\\\n])*'/g, (s) =>
    '_'.repeat(s.length),
  );
  const open = [];
  const functions = [];
  for (const { 0: word, index } of code.matchAll(/\b(?:function|if|do|repeat|end|until)\b/g)) {
    if (word !== 'end' && word !== 'until') open.push({ word, start: index });
    else {
      const block = open.pop();
      if (block?.word !== 'function') continue;
      const [, name] = /^function\s+([\w.:]+)/.exec(code.slice(block.start)) ?? [];
      functions.push({ start: block.start, end: index, name });
    }
  }
  return functions;
}

/** Lines of each function without those of the named functions directly inside it. */
function ownLines(text, functions) {
  const spans = functions
    .map(({ start, end, name }) => ({ name, from: lineAt(text, start), to: lineAt(text, end) }))
    .sort((a, b) => a.from - b.from || b.to - a.to);
  return spans.map((span) => {
    let lines = span.to - span.from + 1;
    let counted = span.from;
    for (const inner of spans) {
      if (inner === span || !inner.name || inner.from <= counted || inner.to > span.to) continue;
      lines -= inner.to - inner.from + 1;
      counted = inner.to;
    }
    return { ...span, lines };
  });
}

/** Each excess of a file, as a line of output. */
export function findExcess(file, text) {
  const extension = file.split('.').at(-1);
  const lines = text.replace(/\n$/, '').split('\n').length;
  const found = lines > MOST_LINES ? [`${file}: ${lines} lines, more than ${MOST_LINES}`] : [];
  if (extension === 'css') return found;
  const functions = extension === 'lua' ? luaFunctions(text) : scriptFunctions(text, extension);
  for (const { name = 'a function', from, lines: own } of ownLines(text, functions))
    if (own > MOST_LINES_OF_A_FUNCTION)
      found.push(`${file}:${from}: ${name} has ${own} lines of its own, more than ${MOST_LINES_OF_A_FUNCTION}`);
  return found;
}

function main(paths) {
  const files = (paths.length > 0 ? paths : FOLDERS.filter((folder) => existsSync(join(ROOT, folder))))
    .flatMap((path) => sourceFiles(ROOT, path, EXTENSIONS))
    .filter((file) => !isForTests(file));
  const found = files.flatMap((file) => findExcess(file, readFileSync(join(ROOT, file), 'utf8')));
  for (const line of found) console.error(line);
  console.log(`${files.length} files, ${found.length} too long`);
  process.exitCode = found.length > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
