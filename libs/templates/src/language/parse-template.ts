import parser, { type SyntaxNode } from 'nunjucks/src/parser.js';
import { checkTree } from './check-tree.js';
import { habitHint } from './habits.js';
import { TemplateError } from './template-error.js';

const SOURCE_CHARS_MAX = 65_536;
/** The parser takes quadratic time to strip blanks. */
const BLANKS_MAX = 2_000;
/** The parser looks for the end of each through all that follows. */
const RAWS_MAX = 20;

/**
 * Reads a template with nunjucks' parser, and lets through what is known to be harmless.
 * @throws {TemplateError} for all else, with line and column, in little time whatever it is given.
 */
export function parseTemplate(source: string): SyntaxNode {
  if (source.length > SOURCE_CHARS_MAX) {
    throw new TemplateError(`a template has at most ${SOURCE_CHARS_MAX} characters, not ${source.length}`);
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
    throw new TemplateError(`at most ${BLANKS_MAX} blanks may follow each other`, ...position(source, blanks.index));
  }
}

/** The parser loses what follows a raw that is not closed, and knows only this form of its tags. */
function checkRaws(source: string): void {
  let open: number | undefined;
  let count = 0;
  for (const { index, 1: name = '' } of source.matchAll(/\{%-?\s*((?:end)?(?:raw|verbatim))\b/g)) {
    const place = position(source, index);
    if (name.endsWith('verbatim')) throw new TemplateError(`write {% raw %} in place of ${name}`, ...place);
    if (!/^\{% *(?:end)?raw *%\}/.test(source.slice(index, index + BLANKS_MAX))) {
      throw new TemplateError(`${name} is written {% ${name} %}, with blanks and nothing else in it`, ...place);
    }
    if ((name === 'raw') === (open !== undefined)) {
      const said = name === 'raw' ? 'there is no raw within raw' : '{% endraw %} closes nothing';
      throw new TemplateError(said, ...place);
    }
    if (++count > 2 * RAWS_MAX) throw new TemplateError(`a template has at most ${RAWS_MAX} {% raw %}`, ...place);
    open = name === 'raw' ? index : undefined;
  }
  if (open !== undefined) throw new TemplateError('{% raw %} is closed by no {% endraw %}', ...position(source, open));
}

function parse(source: string): SyntaxNode {
  try {
    return parser.parse(source);
  } catch (error) {
    if (error instanceof RangeError) throw tooDeep();
    const { message, lineno, colno } = error as { message: string; lineno?: number; colno?: number };
    if (lineno && colno) {
      const said = message.slice(0, 200) + habitHint(source, lineno, colno);
      throw new TemplateError(said, lineno, colno);
    }
    if (message === 'unexpected end of comment') {
      throw new TemplateError('there is a #} that closes nothing', ...position(source, source.indexOf('#}')));
    }
    if (error instanceof SyntaxError) throw new TemplateError(message.slice(0, 200), ...lastOpening(source));
    // Past its last token the parser has no position, or stumbles over the token that is not there.
    const open = openTag(source);
    if (open) throw new TemplateError(`{% ${open.name} %} is closed by no {% end${open.name} %}`, ...open.place);
    throw new TemplateError('the template ends before a tag is closed', ...lastOpening(source));
  }
}

function tooDeep(): TemplateError {
  return new TemplateError('the template is nested too deeply');
}

type Place = readonly [line: number, column: number];

/** The last tag with an end that has none yet. */
function openTag(source: string): { name: string; place: Place } | undefined {
  const open: { name: string; index: number }[] = [];
  for (const { index, 1: name = '', 2: rest = '' } of source.matchAll(/\{%-?\s*(\w+)([^%]*)%\}/g)) {
    if (name.startsWith('end')) open.pop();
    else if (['if', 'for', 'filter'].includes(name) || (name === 'set' && !rest.includes('=')))
      open.push({ name, index });
  }
  const last = open.at(-1);
  return last && { name: last.name, place: position(source, last.index) };
}

/** Where the last tag of a template begins: the one that is not closed, if any is. */
function lastOpening(source: string): Place {
  return position(source, Math.max(0, ...['{{', '{%', '{#'].map((tag) => source.lastIndexOf(tag))));
}

function position(source: string, index: number): Place {
  const before = source.slice(0, index);
  return [before.split('\n').length, before.length - before.lastIndexOf('\n')];
}
