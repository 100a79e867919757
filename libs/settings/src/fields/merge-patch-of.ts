import { z } from 'zod';

/**
 * Schema of a JSON Merge Patch of a value, for the API's description. An object's patch has any of its fields; null restores
 * the default of a field that may be absent. A record's patch has any entries; null removes one. Defaults are left out,
 * since a patch does not change fields that it does not name.
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
