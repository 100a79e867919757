import type { SyntaxNode } from 'nunjucks/src/parser.js';
import { checkFilter, checkTest } from './check-names.js';
import { maySet } from './identifiers.js';
import { shown, TemplateError } from './template-error.js';
import { FIELDS_OF, TEMPLATE_VARIABLES } from './variables.js';

const NODES_MAX = 5_000;
const DEPTH_MAX = 200;
const LOOPS_MAX = 2;

const VARIABLES: ReadonlySet<string> = new Set(TEMPLATE_VARIABLES.map((variable) => variable.name));
const LOOP_FIELDS: readonly string[] = ['index', 'index0', 'revindex', 'revindex0', 'first', 'last', 'length'];

/** Names that {% set %} and {% for %} define at a node. */
class Scope {
  readonly names = new Set<string>();
  readonly outer: Scope | undefined;

  constructor(outer?: Scope) {
    this.outer = outer;
  }

  has(name: string): boolean {
    return this.names.has(name) || (this.outer?.has(name) ?? false);
  }
}

/**
 * Checks a parsed template against the allow-list of syntax, variables, filters and tests.
 * @throws {TemplateError} with line and column and what is allowed instead
 */
export function checkTree(tree: SyntaxNode): void {
  new TreeCheck().visit(tree, new Scope());
}

class TreeCheck {
  #nodes = 0;
  #depth = 0;
  #loops = 0;

  visit(node: SyntaxNode, scope: Scope): void {
    if (++this.#nodes > NODES_MAX) throw at(node, `the template has more than ${NODES_MAX} parts`);
    if (++this.#depth > DEPTH_MAX) throw at(node, 'the template is nested too deeply');
    if (node.typename === 'For') this.#visitFor(node, scope);
    else if (node.typename === 'Set') this.#visitSet(node, scope);
    else this.#visitParts(node, scope);
    this.#depth--;
  }

  #visitParts(node: SyntaxNode, scope: Scope): void {
    for (const part of partsOf(node, scope)) {
      // The parser accepts a missing value in some positions, as in {{ | upper }}.
      if (!part) throw at(node, 'a value is missing');
      this.visit(part, scope);
    }
  }

  #visitFor(node: SyntaxNode, scope: Scope): void {
    if (this.#loops === LOOPS_MAX) throw at(node, `loops may be nested ${LOOPS_MAX} deep at most`);
    this.visit(node.arr, scope);
    const inner = new Scope(scope);
    for (const name of node.name.children ?? [node.name]) inner.names.add(settableName(name));
    inner.names.add('loop');
    this.#loops++;
    this.visit(node.body, inner);
    this.#loops--;
    if (node.else_) this.visit(node.else_, scope);
  }

  #visitSet(node: SyntaxNode, scope: Scope): void {
    this.visit((node.value as SyntaxNode | null) ?? node.body, scope);
    for (const target of node.targets) scope.names.add(settableName(target));
  }
}

type Parts = readonly (SyntaxNode | null)[];

/** Checks a node itself and returns the nodes within it that are still to be checked. */
function partsOf(node: SyntaxNode, scope: Scope): Parts {
  switch (node.typename) {
    case 'TemplateData':
      return [];
    case 'Literal':
      if (!(node.value instanceof RegExp)) return [];
      throw at(node, 'regular expressions are not supported; write "x" in title to search for a text');
    case 'Symbol':
      checkVariable(node, scope);
      return [];
    case 'LookupVal':
      if (!node.target || !node.val) throw at(node, 'the field name is missing; write labels["any name"]');
      checkField(node.target, node.val, scope);
      return [node.target, node.val];
    case 'Filter':
      checkFilter(node);
      return node.args.children ?? [];
    case 'FunCall':
      checkCall(node);
      return node.args.children ?? [];
    case 'Is':
      checkTest(node);
      return [node.left, ...(node.right.args?.children ?? [])];
    case 'Compare':
      return [node.expr, ...node.ops.map((operand) => operand.expr)];
    case 'Dict':
    case 'KeywordArgs':
      return (node.children ?? []).map(valueOfPair);
    case 'Group':
      if (node.children?.length === 1) return node.children;
      throw at(node, 'parentheses hold one value; write [1, 2] for a list');
    default:
      if (!PLAIN.has(node.typename)) throw refused(node);
      return (
        node.children ??
        node.fields.filter((field) => field !== 'else_' || node.else_).map((field) => node[field] as SyntaxNode)
      );
  }
}

/** Kinds of nodes that need no check beyond their parts. */
const PLAIN: ReadonlySet<string> = new Set(
  'Root NodeList Output If InlineIf Capture Array In Not And Or Add Concat Sub Mul Div FloorDiv Mod Pow Neg Pos'.split(
    ' ',
  ),
);

function valueOfPair(pair: SyntaxNode): SyntaxNode {
  if (typeof pair.key?.value !== 'string') throw at(pair, 'a key must be a name or a text, as in {"name": value}');
  return pair.value as SyntaxNode;
}

function settableName(node: SyntaxNode): string {
  if (node?.typename === 'Symbol' && maySet(node.value)) return node.value;
  throw at(
    node,
    `${node?.typename === 'Symbol' ? shown(node.value) : 'this'} cannot be set; a name has letters, digits and _ and is neither loop nor alert`,
  );
}

function checkVariable(node: SyntaxNode, scope: Scope): void {
  const name = String(node.value);
  if (VARIABLES.has(name) || scope.has(name)) return;
  if (name === 'range') throw at(node, 'range is a function; write range(3)');
  const reason = name === 'loop' ? 'loop exists only inside {% for %}' : `unknown variable ${shown(name)}`;
  throw at(node, `${reason}; variables are ${[...VARIABLES].join(', ')} and those of {% set %} and {% for %}`);
}

/** Refuses a field that can never have a value: it is a mistake that would otherwise render as an empty text. */
function checkField(target: SyntaxNode, key: SyntaxNode, scope: Scope): void {
  const field = key.typename === 'Literal' && typeof key.value === 'string' ? key.value : undefined;
  if (field === undefined) return;
  if (target.typename === 'Symbol') {
    const name = String(target.value);
    if (name === 'loop' && scope.has(name)) {
      if (!LOOP_FIELDS.includes(field))
        throw at(key, `loop has no field ${shown(field)}; its fields are ${LOOP_FIELDS.join(', ')}`);
    } else if (scope.has(name)) {
      return;
    } else if (name === 'alert' && (field === 'alert' || !VARIABLES.has(field))) {
      throw at(key, `unknown variable ${shown(field)}; variables are ${[...VARIABLES].join(', ')}`);
    } else if (VARIABLES.has(name) && name !== 'alert' && !FIELDS_OF.has(name) && field !== 'length') {
      throw at(key, `${shown(name)} has no fields${inPlaceOf(field)}`);
    }
    return;
  }
  const inner = target.typename === 'LookupVal' ? target.target : undefined;
  if (inner?.typename === 'Symbol' && FIELDS_OF.has(String(inner.value)) && !scope.has(String(inner.value))) {
    const name = String(inner.value);
    throw at(key, `the values of ${name} are strings and have no fields; for a name with a dot write ${name}["a.b"]`);
  }
}

const METHODS: Readonly<Record<string, string>> = {
  upper: '| upper',
  toUpperCase: '| upper',
  lower: '| lower',
  toLowerCase: '| lower',
  capitalize: '| capitalize',
  title: '| title',
  strip: '| trim',
  trim: '| trim',
  replace: '| replace("a", "b")',
  replaceAll: '| replace("a", "b")',
  join: '| join(", ")',
  slice: '| truncate(20, true, "")',
  substring: '| truncate(20, true, "")',
  length: '| length',
  round: '| round(2)',
  toFixed: '| round(2)',
  toString: '| string',
  format: '| date("YYYY-MM-DD HH:mm")',
  strftime: '| date("%Y-%m-%d %H:%M")',
  items: '{% for name, value in labels %}',
  keys: '{% for name in labels %}',
  values: '{% for name, value in labels %}',
  get: 'labels["name"] | default("…")',
  includes: '"x" in title',
  startswith: '"x" in title',
  startsWith: '"x" in title',
};

function inPlaceOf(method: string): string {
  return Object.hasOwn(METHODS, method) ? `; write ${METHODS[method]}` : '';
}

function checkCall(node: SyntaxNode): void {
  const called = node.name;
  if (called?.typename === 'Symbol' && called.value === 'range') return;
  const method = called?.typename === 'LookupVal' ? String(called.val?.value) : '';
  throw at(node, `method calls are not supported; use a filter instead${inPlaceOf(method)}`);
}

const TAGS: Readonly<Record<string, string>> = {
  Include: '{% include %}',
  Extends: '{% extends %}',
  Import: '{% import %}',
  FromImport: '{% from %}',
  Block: '{% block %}',
  Macro: '{% macro %}',
  Caller: '{% call %}',
  Switch: '{% switch %}',
  AsyncEach: '{% asyncEach %}',
  AsyncAll: '{% asyncAll %}',
  IfAsync: '{% ifAsync %}',
};

function refused(node: SyntaxNode): TemplateError {
  const what = TAGS[node.typename] ?? `this (${node.typename})`;
  return at(
    node,
    `${what} is not supported; tags are {{ }}, {% if %}, {% for %}, {% set %}, {% filter %}, {% raw %} and {# #}`,
  );
}

function at(node: SyntaxNode, message: string): TemplateError {
  return new TemplateError(message, (node.lineno ?? 0) + 1, (node.colno ?? 0) + 1);
}
