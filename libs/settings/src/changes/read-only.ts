import { isDeepStrictEqual } from 'node:util';
import { fieldError } from '#libs/validation';
import { InvalidSettings } from './settings-errors.js';

type Json = Record<string, unknown>;

/**
 * The patch without the fields that cannot be changed. A value equal to the present one is accepted, so that an answer
 * can be edited and sent back whole. @throws InvalidSettings naming each field with another value
 */
export function withoutReadOnly(patch: Json, shown: Json, names: readonly string[]): Json {
  const rest: Json = { ...patch };
  const errors = [];
  for (const name of names) {
    if (!Object.hasOwn(patch, name)) continue;
    if (!isDeepStrictEqual(patch[name], shown[name])) errors.push(fieldError([name], 'cannot be changed'));
    delete rest[name];
  }
  if (errors.length > 0) throw new InvalidSettings(errors);
  return rest;
}
