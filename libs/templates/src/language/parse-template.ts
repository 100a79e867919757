import parser, { type SyntaxNode } from 'nunjucks/src/parser.js';
import { checkTree } from './check-tree.js';
import { syntaxHint } from './syntax-hints.js';
import { TemplateError } from './template-error.js';

const SOURCE_CHARS_MAX = 65_536;
/** Stripping blanks takes the parser quadratic time. */
const BLANKS_MAX = 2_000;
/** For each raw block the parser searches the rest of the template for its end. */
const RAWS_MAX = 20;

/**
 * Parses a template with nunjucks' parser and accepts only syntax on the allow-list, in bounded time for any input.
 * @throws {TemplateError} with line and column for everything else
 */
export function parseTemplate(source: string): SyntaxNode {
  if (source.length > SOURCE_CHARS_MAX) {
    throw new TemplateError(`the template has ${source.length} characters; at most ${SOURCE_CHARS_MAX} are allowed`);
  }
  checkBlanks(source);
  checkRaws(source);
  const tree = parse(source);
  try {
    checkTree(tree);
  } catch (error) {
    throw error instanceof RangeError ? tooDeep() : error;
  }
  return tree;
}

function checkBlanks(source: string): void {
  for (const blanks of source.matchAll(/\s+/g)) {
    if (blanks[0].length <= BLANKS_MAX) continue;
    throw new TemplateError(
      `more than ${BLANKS_MAX} blanks in a row are not allowed`,
      ...position(source, blanks.index),
    );
  }
}

/** The parser drops the text after an unclosed raw block, and recognises only this form of its tags. */
function checkRaws(source: string): void {
  let open: number | undefined;
  let count = 0;
  for (const { index, 1: name = '' } of source.matchAll(/\{%-?\s*((?:end)?(?:raw|verbatim))\b/g)) {
    const at = position(source, index);
    if (name.endsWith('verbatim')) throw new TemplateError(`${name} is not supported; write {% raw %}`, ...at);
    if (!/^\{% *(?:end)?raw *%\}/.test(source.slice(index, index + BLANKS_MAX))) {
      throw new TemplateError(`write {% ${name} %}, with nothing but blanks around the name`, ...at);
    }
    if ((name === 'raw') === (open !== undefined)) {
      const said = name === 'raw' ? '{% raw %} inside {% raw %} is not supported' : '{% endraw %} without {% raw %}';
      throw new TemplateError(said, ...at);
    }
    if (++count > 2 * RAWS_MAX)
      throw new TemplateError(`more than ${RAWS_MAX} {% raw %} blocks are not allowed`, ...at);
    open = name === 'raw' ? index : undefined;
  }
  if (open !== undefined) throw new TemplateError('{% raw %} without {% endraw %}', ...position(source, open));
}

function parse(source: string): SyntaxNode {
  try {
    return parser.parse(source);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    const { message, lineno, colno } = error as { message: string; lineno?: number; colno?: number };
    if (lineno && colno) {
      const said = message.slice(0, 200) + syntaxHint(source, lineno, colno);
      throw new TemplateError(said, lineno, colno);
    }
    if (message === 'unexpected end of comment') {
      throw new TemplateError('#} without {#', ...position(source, source.indexOf('#}')));
    }
    if (error instanceof SyntaxError) throw new TemplateError(message.slice(0, 200), ...lastOpening(source));
    // At the end of the template the parser reports no position, or fails on the missing token.
    const open = openTag(source);
    if (open) throw new TemplateError(`{% ${open.name} %} without {% end${open.name} %}`, ...open.position);
    throw new TemplateError('the template ends before a tag is closed', ...lastOpening(source));
  }
}

function tooDeep(): TemplateError {
  return new TemplateError('the template is nested too deeply');
}

type Position = readonly [line: number, column: number];

/** The last block that is not closed. */
function openTag(source: string): { name: string; position: Position } | undefined {
  const open: { name: string; index: number }[] = [];
  for (const { index, 1: name = '', 2: rest = '' } of source.matchAll(/\{%-?\s*(\w+)([^%]*)%\}/g)) {
    if (name.startsWith('end')) open.pop();
    else if (['if', 'for', 'filter'].includes(name) || (name === 'set' && !rest.includes('=')))
      open.push({ name, index });
  }
  const last = open.at(-1);
  return last && { name: last.name, position: position(source, last.index) };
}

/** Position of the last tag, which is the unclosed one if there is one. */
function lastOpening(source: string): Position {
  return position(source, Math.max(0, ...['{{', '{%', '{#'].map((tag) => source.lastIndexOf(tag))));
}

function position(source: string, index: number): Position {
  const before = source.slice(0, index);
  return [before.split('\n').length, before.length - before.lastIndexOf('\n')];
}
