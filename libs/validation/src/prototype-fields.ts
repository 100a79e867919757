import type { FieldError } from './field-errors.js';

/** A name that programs give a meaning of its own. It would be dropped on the way, and is refused instead. */
const PROTOTYPE = '__proto__';

const hasPrototype = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, PROTOTYPE);

/** Names where an event or alert, its labels or its annotations have a member `__proto__`. */
export function prototypeFields(value: unknown): FieldError[] {
  const { labels, annotations } = (value ?? {}) as Record<string, unknown>;
  const paths: string[] = [];
  if (hasPrototype(value)) paths.push(PROTOTYPE);
  if (hasPrototype(labels)) paths.push(`labels.${PROTOTYPE}`);
  if (hasPrototype(annotations)) paths.push(`annotations.${PROTOTYPE}`);
  return paths.map((path) => ({ path, message: 'is not an allowed name' }));
}
