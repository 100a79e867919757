import { fieldError, type FieldError } from '#libs/validation';
import type { z } from 'zod';
import { mapSecrets } from './map-secrets.js';

/** What a secret reads as, and what keeps it when it is sent back. */
export const MASK = '********';

/**
 * Puts what is stored in the place of masks that were sent back. `stored` is in clear. Entries of a list are
 * recognised by their `id`, since a list may have been sorted or shortened in between.
 */
export function resolveMasks(schema: z.core.$ZodType, config: unknown, stored: unknown): { config: unknown; errors: FieldError[] } {
  const errors: FieldError[] = [];
  const resolved = mapSecrets(schema, config, (text, path) => {
    if (text !== MASK) return text;
    const kept = lookUp(stored, config, path);
    if (typeof kept === 'string') return kept;
    errors.push(fieldError(['config', ...path], `is masked (${MASK}), and there is nothing stored that it could stand for`));
    return text;
  });
  return { config: resolved, errors };
}

/** The value in `stored` at the place that `path` means in `sent`. */
function lookUp(stored: unknown, sent: unknown, path: readonly (string | number)[]): unknown {
  let there = stored;
  let here = sent;
  for (const step of path) {
    here = childOf(here, step);
    there = typeof step === 'number' ? sameEntry(there, here) : (childOf(there, step) ?? sameName(there, step));
    if (there === undefined) return undefined;
  }
  return there;
}

function childOf(value: unknown, step: string | number): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, step) ? (value as Record<string, unknown>)[step] : undefined;
}

function sameEntry(list: unknown, entry: unknown): unknown {
  const id = childOf(entry, 'id');
  if (id === undefined || !Array.isArray(list)) return undefined;
  return list.find((other) => childOf(other, 'id') === id);
}

/** Names of headers are the same in any case. */
function sameName(value: unknown, name: string): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return undefined;
  return Object.entries(value).find(([key]) => key.toLowerCase() === name.toLowerCase())?.[1];
}
