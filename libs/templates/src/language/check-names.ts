import type { SyntaxNode } from 'nunjucks/src/parser.js';
import type { Filter } from './filter.js';
import { FILTERS } from './filters.js';
import { shown, TemplateError } from './template-error.js';
import { isTimeZone } from './times.js';
import { TEST_NAMES } from './value-tests.js';

/** @throws {TemplateError} for a filter that is not there, or is given what it does not take. */
export function checkFilter(node: SyntaxNode): void {
  const name = String(node.name.value);
  const filter = FILTERS.get(name);
  if (!filter) throw at(node, `there is no filter ${shown(name)}; there are ${[...FILTERS.keys()].sort().join(', ')}`);
  const given = (node.args.children ?? []).slice(1).filter(Boolean);
  const named = given.filter((arg) => arg.typename === 'KeywordArgs').flatMap((arg) => arg.children ?? []);
  const byPlace = given.filter((arg) => arg.typename !== 'KeywordArgs');
  if (byPlace.length > filter.parameters.length) {
    throw at(node, `the filter ${name} takes ${parametersOf(filter)}`);
  }
  const args = new Map(byPlace.map((arg, i) => [filter.parameters[i], arg]));
  for (const pair of named) {
    const parameter = String(pair.key?.value);
    if (!filter.parameters.includes(parameter)) {
      throw at(pair, `the filter ${name} has no argument ${shown(parameter)}; it takes ${parametersOf(filter)}`);
    }
    args.set(parameter, pair.value as SyntaxNode);
  }
  const format = args.get('format');
  if (name === 'date' && format?.typename === 'Literal' && /^[^%[]*y/.test(String(format.value))) {
    throw at(format, 'a format of date() has YYYY-MM-DD HH:mm:ss, or %Y-%m-%d %H:%M:%S; there is no y');
  }
  const zone = args.get('tz');
  if (typeof zone?.value === 'string' && zone.typename === 'Literal' && zone.value !== '' && !isTimeZone(zone.value)) {
    throw at(zone, `there is no time zone ${shown(zone.value)}; one is "Asia/Shanghai", another "UTC"`);
  }
}

function parametersOf({ parameters }: Filter): string {
  return parameters.length === 0 ? 'no arguments' : `at most ${parameters.join(', ')}`;
}

/** @throws {TemplateError} for a test that is not there, after `is`. */
export function checkTest(node: SyntaxNode): void {
  const right = node.right;
  if (!right || (right.typename === 'FunCall' && !right.name)) throw at(node, 'a value is missing');
  const called = right.typename === 'FunCall' ? right.name : right;
  const name = called.typename === 'Literal' && called.value === null ? 'null' : String(called.value);
  const isName = called.typename === 'Symbol' || name === 'null';
  if (!isName || !TEST_NAMES.includes(name)) {
    throw at(right, `there is no test ${shown(name)} after is; there are ${TEST_NAMES.join(', ')}`);
  }
  const args = right.args?.children ?? [];
  if (args.length > 1 || args[0]?.typename === 'KeywordArgs') throw at(right, `the test ${name} takes one argument`);
}

function at(node: SyntaxNode, message: string): TemplateError {
  return new TemplateError(message, (node.lineno ?? 0) + 1, (node.colno ?? 0) + 1);
}
