const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Names that lead from a value to JavaScript's own objects. */
const FORBIDDEN: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/** Whether a text is a variable name; nunjucks accepts anything that is not an operator, even quotes. */
export function isIdentifier(name: unknown): name is string {
  return typeof name === 'string' && IDENTIFIER.test(name) && !FORBIDDEN.has(name);
}

/** Whether a template may define a variable of this name; loops write to `loop`. */
export function maySet(name: unknown): name is string {
  return isIdentifier(name) && name !== 'loop' && name !== 'alert';
}
