import type { z } from 'zod';
import { type Config, elementId, type FieldPath, mapValues } from '../config/config-fields.js';
import { type ConfigSchema, configSchema, fieldOf, itemsOf } from '../config/config-schema.js';
import { secretPathsIn } from './secret-paths.js';

/** Whether list elements hold secrets and have an `id`: the id says which stored secret a mask refers to. */
function needsIds(schema: ConfigSchema): boolean {
  const items = itemsOf(schema);
  return items !== undefined && fieldOf(items, 'id') !== undefined && secretPathsIn(items).length > 0;
}

/** A copy of the config in which every list element that holds secrets has an `id`. */
export function giveIds(schema: z.ZodType, config: Config, newId: () => string): Config {
  return mapValues(config, { schema: configSchema(schema), path: [], identity: [] }, (value, at) =>
    Array.isArray(value) && needsIds(at.schema) ? value.map((element) => withId(element, newId)) : value,
  ) as Config;
}

function withId(element: unknown, newId: () => string): unknown {
  if (typeof element !== 'object' || element === null || elementId(element) !== undefined) return element;
  return { ...element, id: newId() };
}

/** The paths of ids that an earlier element of the same list has already. */
export function repeatedIds(schema: z.ZodType, config: Config): { path: FieldPath; id: string }[] {
  const repeated: { path: FieldPath; id: string }[] = [];
  mapValues(config, { schema: configSchema(schema), path: [], identity: [] }, (value, at) => {
    if (!Array.isArray(value) || !needsIds(at.schema)) return value;
    const seen = new Set<string>();
    for (const [index, element] of value.entries()) {
      const id = elementId(element);
      if (id === undefined) continue;
      if (seen.has(id)) repeated.push({ path: [...at.path, String(index), 'id'], id });
      seen.add(id);
    }
    return value;
  });
  return repeated;
}
