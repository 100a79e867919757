import { z } from 'zod';

/**
 * The schema of a JSON Merge Patch, for the OpenAPI document: any fields of an object, with null for fields that have a
 * default; any entries of a record, with null to remove one. Defaults are left out: a field that a patch does not name
 * stays as it is.
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
