import type { ErrorSchema } from '@rjsf/utils';
import type { FieldError } from '../api/api-error.js';

/** Errors of the API below a field, by the fields of a form. */
export function errorSchemaOf(errors: readonly FieldError[], under: string): ErrorSchema {
  const root: ErrorSchema = {};
  for (const { path, message } of errors) {
    if (path !== under && !path.startsWith(`${under}.`)) continue;
    let at = root as Record<string, unknown>;
    for (const name of path.split('.').slice(1)) {
      at[name] ??= {};
      at = at[name] as Record<string, unknown>;
    }
    at.__errors = [...((at.__errors as string[] | undefined) ?? []), message];
  }
  return root;
}
