import { type FieldError, fieldError } from './field-errors.js';

type Path = readonly PropertyKey[];
const ERRORS_MAX = 20;
/** Deepest nesting; no payload of Tocsin needs more than a few levels. */
const DEPTH_MAX = 64;
/** Matches lone surrogates only: with the flag `u` a pair is one character. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/**
 * Finds strings and field names of a JSON value that cannot be stored: PostgreSQL stores no NUL characters, and a lone
 * surrogate is not text. It walks without recursion, since the sender chooses the depth.
 */
export function unstorableText(value: unknown): FieldError[] {
  const errors: FieldError[] = [];
  const pending: { path: Path; value: unknown }[] = [{ path: [], value }];
  while (pending.length > 0 && errors.length < ERRORS_MAX) {
    const { path, value: current } = pending.pop() as { path: Path; value: unknown };
    if (typeof current === 'string') {
      const why = whyUnstorable(current);
      if (why) errors.push(fieldError(path, `contains ${why}`));
    } else if (typeof current === 'object' && current !== null) {
      if (path.length >= DEPTH_MAX) {
        errors.push(fieldError(path.slice(0, 3), `is nested more than ${DEPTH_MAX} levels deep`));
        continue;
      }
      for (const [key, child] of Object.entries(current)) {
        const why = whyUnstorable(key);
        if (why) errors.push(fieldError([...path, toStorable(key)], `is a name that contains ${why}`));
        pending.push({ path: [...path, toStorable(key)], value: child });
      }
    }
  }
  return errors;
}

/** Reason why a text cannot be stored; undefined if it can. */
export function whyUnstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'a NUL character, which cannot be stored';
  if (LONE_SURROGATE.test(text)) return 'a lone surrogate, which is not a character';
  return undefined;
}

/** Replaces characters that cannot be stored by U+FFFD. */
export function toStorable(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}
