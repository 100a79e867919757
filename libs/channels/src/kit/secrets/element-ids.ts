import type { z } from 'zod';
import {
  type ConfigSchema,
  configSchema,
  type FieldPath,
  fieldOf,
  idOf,
  itemsOf,
  mapValues,
} from '../config/config-fields.js';
import { type Config, secretPathsIn } from './map-secrets.js';

/** Whether a list's elements hold secrets, and so have ids: a mask that is sent back means the element of its id. */
function needsIds(schema: ConfigSchema): boolean {
  const items = itemsOf(schema);
  return items !== undefined && fieldOf(items, 'id') !== undefined && secretPathsIn(items).length > 0;
}

/** The config with an `id` for every element that holds secrets and has none yet. */
export function giveIds(schema: z.ZodType, config: Config, newId: () => string): Config {
  return mapValues(config, { schema: configSchema(schema), path: [], place: [] }, (value, at) =>
    Array.isArray(value) && needsIds(at.schema) ? value.map((element) => withId(element, newId)) : value,
  ) as Config;
}

function withId(element: unknown, newId: () => string): unknown {
  if (typeof element !== 'object' || element === null || idOf(element) !== undefined) return element;
  return { ...element, id: newId() };
}

/** Where an element has the id of one before it. */
export function repeatedIds(schema: z.ZodType, config: Config): { path: FieldPath; id: string }[] {
  const repeated: { path: FieldPath; id: string }[] = [];
  mapValues(config, { schema: configSchema(schema), path: [], place: [] }, (value, at) => {
    if (!Array.isArray(value) || !needsIds(at.schema)) return value;
    const seen = new Set<string>();
    for (const [index, element] of value.entries()) {
      const id = idOf(element);
      if (id === undefined) continue;
      if (seen.has(id)) repeated.push({ path: [...at.path, String(index), 'id'], id });
      seen.add(id);
    }
    return value;
  });
  return repeated;
}
