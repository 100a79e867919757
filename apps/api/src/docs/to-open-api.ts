import { z } from 'zod';

/** Schemas with an id of their own, met so far; the document has each once. */
const components = new Map<string, unknown>();

/** The OpenAPI 3.1 schema of a zod schema. What has an id is put among the components and referred to. */
export function toOpenApi(schema: z.ZodType, io: 'input' | 'output'): Record<string, unknown> {
  const { $schema: _dialect, $defs, ...json } = z.toJSONSchema(schema, { io, unrepresentable: 'any' }) as Record<string, unknown>;
  for (const [id, definition] of Object.entries(($defs ?? {}) as Record<string, unknown>)) keep(id, definition);
  const { id } = z.globalRegistry.get(schema) ?? {};
  const rewritten = rewrite(json) as Record<string, unknown>;
  if (id === undefined) return rewritten;
  keep(id, json);
  return { $ref: `#/components/schemas/${id}` };
}

export function knownComponents(): Record<string, unknown> {
  return Object.fromEntries([...components].sort(([a], [b]) => (a < b ? -1 : 1)));
}

function keep(id: string, definition: unknown): void {
  components.set(id, rewrite(definition));
}

/** References point among the components; `id` is zod's word and none of JSON Schema. */
function rewrite(value: unknown, isSchema = true): unknown {
  if (Array.isArray(value)) return value.map((item) => rewrite(item));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([key]) => !(isSchema && key === 'id' && typeof (value as { id: unknown }).id === 'string'))
      .map(([key, child]) => {
        if (key === '$ref' && typeof child === 'string') return [key, child.replace('#/$defs/', '#/components/schemas/')];
        if (key === 'example' || key === 'examples' || key === 'default') return [key, child];
        return [key, rewrite(child, key !== 'properties')];
      }),
  );
}
