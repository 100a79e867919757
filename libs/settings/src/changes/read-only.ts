import { fieldError } from '#libs/validation';
import { InvalidSettings } from './settings-errors.js';

type Json = Record<string, unknown>;

/**
 * Takes the fields that cannot be changed out of a patch. Sending them as they are is fine, so that what was read can
 * be edited and sent back whole; another value is refused.
 */
export function withoutReadOnly(patch: Json, resource: object, names: readonly string[]): Json {
  const rest: Json = { ...patch };
  const errors = [];
  for (const name of names) {
    if (!Object.hasOwn(patch, name)) continue;
    if (patch[name] !== (resource as Json)[name]) errors.push(fieldError([name], 'cannot be changed'));
    delete rest[name];
  }
  if (errors.length > 0) throw new InvalidSettings(errors);
  return rest;
}
