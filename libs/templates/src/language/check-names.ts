import type { SyntaxNode } from 'nunjucks/src/parser.js';
import type { Filter } from './filter.js';
import { FILTERS } from './filters.js';
import { shown, TemplateError } from './template-error.js';
import { isTimeZone } from './times.js';
import { TEST_NAMES } from './value-tests.js';

/** Checks a filter's name and arguments. @throws {TemplateError} naming the known filters or arguments */
export function checkFilter(node: SyntaxNode): void {
  const name = String(node.name.value);
  const filter = FILTERS.get(name);
  if (!filter) throw at(node, `unknown filter ${shown(name)}; filters are ${[...FILTERS.keys()].sort().join(', ')}`);
  const given = (node.args.children ?? []).slice(1).filter(Boolean);
  const named = given.filter((arg) => arg.typename === 'KeywordArgs').flatMap((arg) => arg.children ?? []);
  const positional = given.filter((arg) => arg.typename !== 'KeywordArgs');
  if (positional.length > filter.parameters.length) {
    throw at(node, `the filter ${name} takes ${parametersOf(filter)}`);
  }
  const args = new Map(positional.map((arg, i) => [filter.parameters[i], arg]));
  for (const pair of named) {
    const parameter = String(pair.key?.value);
    if (!filter.parameters.includes(parameter)) {
      throw at(pair, `the filter ${name} has no argument ${shown(parameter)}; it takes ${parametersOf(filter)}`);
    }
    args.set(parameter, pair.value as SyntaxNode);
  }
  const format = args.get('format');
  if (name === 'date' && format?.typename === 'Literal' && /^[^%[]*y/.test(String(format.value))) {
    throw at(format, 'unknown letter y in the format of date; write YYYY-MM-DD HH:mm:ss or %Y-%m-%d %H:%M:%S');
  }
  const zone = args.get('tz');
  if (typeof zone?.value === 'string' && zone.typename === 'Literal' && zone.value !== '' && !isTimeZone(zone.value)) {
    throw at(zone, `unknown time zone ${shown(zone.value)}; write an IANA name such as "Asia/Shanghai" or "UTC"`);
  }
}

function parametersOf({ parameters }: Filter): string {
  return parameters.length === 0 ? 'no arguments' : `at most ${parameters.join(', ')}`;
}

/** Checks the test after `is`. @throws {TemplateError} naming the known tests */
export function checkTest(node: SyntaxNode): void {
  const right = node.right;
  if (!right || (right.typename === 'FunCall' && !right.name)) throw at(node, 'a value is missing');
  const called = right.typename === 'FunCall' ? right.name : right;
  const name = called.typename === 'Literal' && called.value === null ? 'null' : String(called.value);
  const isName = called.typename === 'Symbol' || name === 'null';
  if (!isName || !TEST_NAMES.includes(name)) {
    throw at(right, `unknown test ${shown(name)} after is; tests are ${TEST_NAMES.join(', ')}`);
  }
  const args = right.args?.children ?? [];
  if (args.length > 1 || args[0]?.typename === 'KeywordArgs') throw at(right, `the test ${name} takes one argument`);
}

function at(node: SyntaxNode, message: string): TemplateError {
  return new TemplateError(message, (node.lineno ?? 0) + 1, (node.colno ?? 0) + 1);
}
