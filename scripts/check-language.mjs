// Looks for the phrases of banned-phrases.txt in comments, names and texts of all sources and documents.
// node scripts/check-language.mjs [file or folder …]    without arguments: everything
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { ROOT } from './run.mjs';
import { splitSource } from './source-comments.mjs';
import { sourceFiles } from './source-files.mjs';

const LIST = 'scripts/banned-phrases.txt';
const EXTENSIONS = ['ts', 'mjs', 'js', 'lua', 'css', 'html', 'md', 'sql'];

const toRegExp = (pattern, before, after) =>
  new RegExp(`${before}(?:${pattern.replaceAll(' ', '\\s+')})${after}`, 'gi');

/** Reads the list: phrases with what to write instead, and exceptions. Throws where a line has no reason. */
export function parsePhrases(text) {
  const phrases = [];
  const exceptions = [];
  for (const [index, line] of text.split('\n').entries()) {
    if (line.trim() === '' || line.startsWith('#')) continue;
    const [, source, reason] = /^(.+?)\s+# (.+)$/.exec(line) ?? [];
    if (!source) throw new Error(`${LIST}:${index + 1}: write "<pattern>  # <what to write instead, or the reason>"`);
    const [, pattern, , path = ''] = /^except (.+?)( @(\S+))?$/.exec(source) ?? [];
    if (pattern) exceptions.push({ line: index + 1, regExp: toRegExp(pattern, '', ''), path, used: false });
    else if (source.startsWith('^'))
      phrases.push({ regExp: toRegExp(source.slice(1), '^\\W*', '\\b'), reason, first: true });
    else phrases.push({ regExp: toRegExp(source, '\\b', '\\b'), reason, first: false });
  }
  return { phrases, exceptions };
}

/** Splits camelCase and snake_case into words; line breaks stay. */
const splitNames = (text) =>
  text
    .replace(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replace(/([A-Z])([A-Z][a-z])/g, '$1 $2')
    .replaceAll('_', ' ');

function isAllowed(exceptions, file, text, { index, 0: found }) {
  return exceptions.some((exception) => {
    if (!file.startsWith(exception.path)) return false;
    const allowed = [...text.matchAll(exception.regExp)].some(
      (around) => around.index <= index && index + found.length <= around.index + around[0].length,
    );
    exception.used ||= allowed;
    return allowed;
  });
}

/** Every banned phrase of a file, in the order of lines: `{ line, phrase, reason }`. */
export function findPhrases(file, text, { phrases, exceptions }) {
  const { comments, code } = splitSource(text, file.split('.').at(-1));
  const parts = [...comments.map((part) => ({ ...part, isComment: true })), { line: 1, text: code, isComment: false }];
  const found = new Map();
  for (const { line, text: part, isComment } of parts) {
    const words = splitNames(part);
    for (const { regExp, reason, first } of phrases) {
      if (first && !isComment) continue;
      for (const match of words.matchAll(regExp)) {
        if (isAllowed(exceptions, file, words, match)) continue;
        const phrase = match[0].replace(/^\W+/, '').replace(/\s+/g, ' ');
        const start = match.index + match[0].length - match[0].trimStart().length;
        const at = line + words.slice(0, start).split('\n').length - 1;
        found.set(`${at} ${phrase}`, { line: at, phrase, reason });
      }
    }
  }
  return [...found.values()].sort((a, b) => a.line - b.line);
}

function main(paths) {
  const list = parsePhrases(readFileSync(join(ROOT, LIST), 'utf8'));
  const files = (paths.length > 0 ? paths : ['.']).flatMap((path) => sourceFiles(ROOT, path, EXTENSIONS));
  let count = 0;
  for (const file of files) {
    for (const { line, phrase, reason } of findPhrases(file, readFileSync(join(ROOT, file), 'utf8'), list)) {
      console.error(`${file}:${line}: "${phrase}"; write: ${reason}`);
      count++;
    }
  }
  if (paths.length === 0)
    for (const { line } of list.exceptions.filter(({ used }) => !used)) {
      console.error(`${LIST}:${line}: this exception allows nothing; remove it`);
      count++;
    }
  console.log(`${files.length} files, ${count} banned phrases`);
  process.exitCode = count > 0 ? 1 : 0;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) main(process.argv.slice(2));
