import type { FieldError } from './field-errors.js';

/** A name with a special meaning in JavaScript; it would be dropped, so it is refused. */
const PROTOTYPE = '__proto__';

const hasPrototype = (part: unknown): boolean =>
  typeof part === 'object' && part !== null && Object.hasOwn(part, PROTOTYPE);

/** Errors for members named `__proto__` in an event or alert, its labels or its annotations. */
export function prototypeFields(value: unknown): FieldError[] {
  const { labels, annotations } = (value ?? {}) as Record<string, unknown>;
  const paths: string[] = [];
  if (hasPrototype(value)) paths.push(PROTOTYPE);
  if (hasPrototype(labels)) paths.push(`labels.${PROTOTYPE}`);
  if (hasPrototype(annotations)) paths.push(`annotations.${PROTOTYPE}`);
  return paths.map((path) => ({ path, message: 'is not an allowed name' }));
}
