const IDENTIFIER = /^[\p{L}_][\p{L}\p{N}_]*$/u;

/** Names that lead from a value to what the language itself is made of. */
const OF_THE_LANGUAGE: ReadonlySet<string> = new Set([
  '__proto__',
  'constructor',
  'prototype',
  '__defineGetter__',
  '__defineSetter__',
  '__lookupGetter__',
  '__lookupSetter__',
]);

/** Whether this is the name of a variable: nunjucks takes for one whatever is no operator, quotes included. */
export function isIdentifier(name: unknown): name is string {
  return typeof name === 'string' && IDENTIFIER.test(name) && !OF_THE_LANGUAGE.has(name);
}

/** Whether a template may give this name to a value of its own. `loop` is an object that loops write to. */
export function maySet(name: unknown): name is string {
  return isIdentifier(name) && name !== 'loop' && name !== 'alert';
}
