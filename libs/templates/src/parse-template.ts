import parser, { type SyntaxNode } from 'nunjucks/src/parser.js';
import { TemplateError } from './template-error.js';
import { FIELDS_OF, TEMPLATE_VARIABLES, type VariableName } from './variables.js';

/** A value to put in: a variable (null: the object with all of them), perhaps a field of it, perhaps as JSON. */
export interface Lookup {
  readonly variable: VariableName | null;
  readonly keys: readonly string[];
  readonly json: boolean;
}
/** Text that stands as it is, or a value. */
export type Part = string | Lookup;

const NODES_MAX = 10_000;
const KNOWN: ReadonlySet<string> = new Set(TEMPLATE_VARIABLES.map((variable) => variable.name));
const AVAILABLE = 'available are {{ variable }}, {{ labels.name }}, {{ labels["any name"] }} and | tojson';

/**
 * Reads a template with nunjucks' own parser and keeps only what is known to be harmless: nothing of it is ever
 * compiled to code. Everything else is refused by name, whatever the parser comes to know.
 */
export function parseTemplate(source: string): Part[] {
  const parts: Part[] = [];
  let nodes = 0;

  function visit(node: SyntaxNode): void {
    if (++nodes > NODES_MAX) throw at(node, 'the template has too many parts');
    switch (node.typename) {
      case 'Root':
      case 'Output':
        for (const child of node.children ?? []) visit(child);
        return;
      case 'TemplateData':
        parts.push(String(node.value));
        return;
      default:
        parts.push(expression(node));
    }
  }

  visit(parse(source));
  return joinTexts(parts);
}

// The parser takes quadratic time for it, and loses what follows one that is never closed.
const RAW = /\{%-?\s*(raw|verbatim)\b/;

function parse(source: string): SyntaxNode {
  const raw = RAW.exec(source);
  if (raw) {
    const text = `the tag ${raw[1]} is not available; {{ "{{" }} writes two opening braces`;
    throw new TemplateError(text, ...position(source, raw.index));
  }
  try {
    return parser.parse(source);
  } catch (error) {
    if (error instanceof RangeError) throw new TemplateError('the template is nested too deeply');
    const { message, lineno, colno } = error as { message: string; lineno?: number; colno?: number };
    if (lineno && colno) throw new TemplateError(message, lineno, colno);
    if (message === 'unexpected end of comment') {
      throw new TemplateError('there is a #} that closes nothing', ...position(source, source.indexOf('#}')));
    }
    if (error instanceof SyntaxError) throw new TemplateError(message, ...lastOpening(source));
    // Past its last token the parser has no position, or stumbles over the token that is not there.
    throw new TemplateError('the template ends before a tag is closed', ...lastOpening(source));
  }
}

/** Where the last tag of a template begins: the one that is not closed, if any is. */
function lastOpening(source: string): readonly [number, number] {
  return position(source, Math.max(0, ...['{{', '{%', '{#'].map((tag) => source.lastIndexOf(tag))));
}

function position(source: string, index: number): readonly [line: number, column: number] {
  const before = source.slice(0, index);
  return [before.split('\n').length, before.length - before.lastIndexOf('\n')];
}

function expression(node: SyntaxNode): Part {
  if (node.typename === 'Literal') return literalText(node);
  if (node.typename !== 'Filter') return lookup(node);
  const [value, ...args] = node.args?.children ?? [];
  const name = String(node.name?.value);
  if (name !== 'tojson') throw at(node, `the filter "${name}" is not available yet; ${AVAILABLE}`);
  if (args.length > 0 || !value) throw at(node, 'the filter tojson takes no arguments');
  if (value.typename === 'Literal') return JSON.stringify(value.value ?? null);
  if (value.typename === 'Filter') throw at(value, `one filter is the most that is available yet; ${AVAILABLE}`);
  return { ...lookup(value), json: true };
}

function literalText(node: SyntaxNode): string {
  if (node.value === null) return '';
  if (node.value instanceof RegExp) throw refused(node);
  return String(node.value);
}

function lookup(node: SyntaxNode): Lookup {
  const keys: string[] = [];
  let root = node;
  while (root.typename === 'LookupVal' && root.target && root.val) {
    const key = root.val.value;
    if (root.val.typename !== 'Literal' || (typeof key !== 'string' && typeof key !== 'number')) {
      throw at(root.val, 'a field is named by a fixed text, as in labels["any name"]');
    }
    keys.unshift(String(key));
    root = root.target;
  }
  if (root.typename !== 'Symbol') throw refused(root);
  const names = [String(root.value), ...keys];
  // alert.x is x: the object with all variables is only made where it is wanted as a whole.
  if (names[0] === 'alert') names.shift();
  const [variable, ...fields] = names;
  if (variable === undefined) return { variable: null, keys: [], json: false };
  if (!KNOWN.has(variable) || variable === 'alert') {
    throw at(root, `there is no variable "${variable}"; there are ${[...KNOWN].join(', ')}`);
  }
  if (fields.length > (FIELDS_OF.has(variable) ? 1 : 0)) throw at(root, `"${variable}" has no such fields`);
  return { variable: variable as VariableName, keys: fields, json: false };
}

function refused(node: SyntaxNode): TemplateError {
  const what = WHAT[node.typename];
  if (what) return at(node, `${what} are not available yet; ${AVAILABLE}`);
  return at(node, `this is not available yet (${node.typename}); ${AVAILABLE}`);
}
const WHAT: Readonly<Record<string, string>> = {
  If: 'tags such as {% if %}',
  For: 'tags such as {% for %}',
  Set: 'tags such as {% set %}',
  Include: 'tags such as {% include %}',
  Block: 'tags such as {% block %}',
  Macro: 'tags such as {% macro %}',
  FunCall: 'calls',
  InlineIf: 'conditions',
  Group: 'brackets',
  Array: 'lists',
  Dict: 'dictionaries',
};

function at(node: SyntaxNode, message: string): TemplateError {
  return new TemplateError(message, node.lineno + 1, node.colno + 1);
}

function joinTexts(parts: readonly Part[]): Part[] {
  const joined: Part[] = [];
  for (const part of parts) {
    const last = joined.at(-1);
    if (typeof part === 'string' && typeof last === 'string') joined[joined.length - 1] = last + part;
    else if (part !== '') joined.push(part);
  }
  return joined;
}
