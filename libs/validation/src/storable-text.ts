import { type FieldError, fieldError } from './field-errors.js';

type Path = readonly PropertyKey[];
const ERRORS_MAX = 20;
/** Nothing in Tocsin is deeper than a handful of levels. */
const DEPTH_MAX = 64;
/** With the flag `u` a pair is one character, so this finds halves only. */
const LONE_SURROGATE = /\p{Surrogate}/u;
const UNSTORABLE = /[\0\p{Surrogate}]/gu;

/**
 * PostgreSQL stores no NUL characters, and half of a surrogate pair is no text. Names every string of a JSON value
 * that holds one, names of fields included. Walks without recursion, since the depth is the sender's choice.
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

/** Why a text cannot be stored; undefined where it can. */
export function whyUnstorable(text: string): string | undefined {
  if (text.includes('\0')) return 'a NUL character, which cannot be stored';
  if (LONE_SURROGATE.test(text)) return 'half of a surrogate pair, which is no character';
  return undefined;
}

/** The text with everything that cannot be stored replaced by U+FFFD. */
export function toStorable(text: string): string {
  return text.replace(UNSTORABLE, '\uFFFD');
}
