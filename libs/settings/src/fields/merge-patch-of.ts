import { z } from 'zod';

/**
 * What a JSON Merge Patch of a value may hold, for the description of the API: of an object any fields, null where a
 * field may be absent and so goes back to its default; of a record any entries, null to remove one. Defaults are left
 * out, since what a patch does not name stays as it is.
 */
export function mergePatchOf(schema: z.ZodType): z.ZodType {
  const { id: _, ...meta } = z.globalRegistry.get(schema) ?? {};
  const patch = shapeOf(schema);
  return patch === schema || Object.keys(meta).length === 0 ? patch : patch.meta(meta);
}

function shapeOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodObject) {
    const fields = Object.entries<z.ZodType>(schema.shape).map(([name, field]) => [
      name,
      mergePatchOf(field).optional(),
    ]);
    return z.strictObject(Object.fromEntries(fields));
  }
  if (schema instanceof z.ZodRecord && !(schema.valueType instanceof z.ZodUnknown)) {
    return z.record(schema.keyType as z.ZodString, (schema.valueType as z.ZodType).nullable());
  }
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional || schema instanceof z.ZodNullable) {
    const inner = mergePatchOf(schema.unwrap() as z.ZodType);
    return inner instanceof z.ZodNullable || inner instanceof z.ZodNull ? inner : inner.nullable();
  }
  return schema;
}
