import type { Access, Declaration, Field } from './fields/index.js';

type Json = Record<string, unknown>;
type Declared = Pick<Declaration, 'fields'>;

const named = ({ fields }: Declared, access: readonly Access[]): [string, Field][] =>
  Object.entries(fields).filter(([, field]) => access.includes(field.access));

/** The resource as the API shows it, of values with masks. */
export function toAnswer(declared: Declared, values: Json): Json {
  return Object.fromEntries(
    named(declared, ['settable', 'immutable', 'readOnly']).map(([name]) => {
      const value = values[name];
      return [name, value instanceof Date ? value.toISOString() : value];
    }),
  );
}

/** The settings of a stored resource, for a patch to be merged into. */
export function toSettings(declared: Declared, stored: object): Json {
  return Object.fromEntries(named(declared, ['settable', 'immutable']).map(([name]) => [name, (stored as Json)[name]]));
}

/** The columns that settings fill. */
export function toColumns(declared: Declared, settings: Json, access: readonly Access[]): Json {
  return Object.fromEntries(
    named(declared, access)
      .filter(([, field]) => field.column !== undefined)
      .map(([name, { fallsBackTo }]) => [
        name,
        settings[name] ?? (fallsBackTo === undefined ? settings[name] : settings[fallsBackTo]),
      ]),
  );
}
