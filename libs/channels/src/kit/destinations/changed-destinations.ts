import type { z } from 'zod';
import { type Config, type FieldIdentity, type FieldPath, mapValues } from '../config/config-fields.js';
import { alternativesOf, type ConfigSchema, configSchema, fieldOf } from '../config/config-schema.js';
import type { DestinationMark } from '../config/destination-mark.js';
import { isSameDestination, type Marked } from './same-destination.js';

/** A marked field of a config. */
interface DestinationField extends Marked {
  readonly mark: DestinationMark;
  readonly byDefault: unknown;
  readonly path: FieldPath;
  readonly scope: FieldIdentity;
}

/** A field whose change is a change of destination. */
export interface ChangedDestination {
  readonly path: FieldPath;
  /** The part of the config whose secrets go there: the list element with the field, or else the whole config. */
  readonly scope: FieldIdentity;
}

/** The fields by which a config sends elsewhere, or less protected, than before. Accepts unvalidated configs. */
export function changedDestinations(schema: z.ZodType, before: Config, after: Config): ChangedDestination[] {
  const known = destinationFields(schema, before);
  const wanted = destinationFields(schema, after);
  return [...new Map([...known, ...wanted])].flatMap(([name, { mark, byDefault, path, scope }]) => {
    const absent = { value: byDefault, object: {} };
    const same = isSameDestination(mark, known.get(name) ?? absent, wanted.get(name) ?? absent);
    return same ? [] : [{ path, scope }];
  });
}

/** The marked fields of a config by their identity. An absent field has the default of its schema. */
function destinationFields(schema: z.ZodType, config: Config): Map<string, DestinationField> {
  const found = new Map<string, DestinationField>();
  mapValues(
    config,
    { schema: configSchema(schema), path: [], identity: [] },
    (value, { schema: at, path, identity }) => {
      if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
      const object = value as Record<string, unknown>;
      for (const [key, { mark, byDefault }] of markedFields(at)) {
        const field = { value: Object.hasOwn(object, key) ? object[key] : byDefault, object };
        const scope = identity.slice(0, identity.findLastIndex((part) => typeof part !== 'string') + 1);
        found.set(JSON.stringify([...identity, key]), { ...field, mark, byDefault, path: [...path, key], scope });
      }
      return value;
    },
  );
  return found;
}

/** The properties of an object that have a mark. */
function markedFields(schema: ConfigSchema): [string, { mark: DestinationMark; byDefault: unknown }][] {
  const keys = new Set(alternativesOf(schema).flatMap(({ properties }) => Object.keys(properties ?? {})));
  return [...keys].flatMap((key) => {
    const all = alternativesOf(fieldOf(schema, key) ?? {});
    const mark = all.find(({ destination }) => destination !== undefined)?.destination;
    const byDefault = all.find((one) => 'default' in one)?.default;
    return mark === undefined ? [] : [[key, { mark, byDefault }]];
  });
}
