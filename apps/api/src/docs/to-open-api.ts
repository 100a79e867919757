import { z } from 'zod';

/** Schemas with an id, found so far; the document has each once. */
const components = new Map<string, unknown>();

/** Schemas described by another schema, since they check less than it. */
const descriptions = new WeakMap<z.ZodType, z.ZodType>();

/** Describes a schema by another one: the result of a patch is checked, not the patch itself. */
export function describedBy<T extends z.ZodType>(schema: T, description: z.ZodType): T {
  descriptions.set(schema, description);
  return schema;
}

/** The OpenAPI 3.1 schema of a zod schema. Schemas with an id become components, with references to them. */
export function toOpenApi(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const {
    $schema: _dialect,
    $defs,
    ...json
  } = z.toJSONSchema(descriptions.get(schema) ?? schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, unknown>)) {
    components.set(id, withReferences(definition));
  }
  return withReferences(json) as Record<string, unknown>;
}

export function knownComponents(): Record<string, unknown> {
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

/** Converts references to definitions into references to components. */
function withReferences(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(withReferences);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, child]) =>
      key === '$ref' && typeof child === 'string'
        ? [key, child.replace('#/$defs/', '#/components/schemas/')]
        : [key, withReferences(child)],
    ),
  );
}
