import { z } from 'zod';

/**
 * The schema of a value in answers, made from the schema of the same value in requests. Limits, defaults and
 * descriptions are left out: values that an older version stored may exceed today's limits.
 */
export function answerOf(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault || schema instanceof z.ZodOptional) {
    return answerOf(schema.unwrap() as z.ZodType);
  }
  if (schema instanceof z.ZodNullable) return answerOf(schema.unwrap() as z.ZodType).nullable();
  if (schema instanceof z.ZodPipe) return answerOf(schema.out as z.ZodType);
  if (schema instanceof z.ZodObject) {
    // An optional field of the resource itself is always answered; inside an object it may be absent.
    const fields = Object.entries<z.ZodType>(schema.shape).map(([name, field]) => [
      name,
      field instanceof z.ZodOptional ? answerOf(field).optional() : answerOf(field),
    ]);
    return z.object(Object.fromEntries(fields));
  }
  if (schema instanceof z.ZodArray) return z.array(answerOf(schema.element as z.ZodType));
  if (schema instanceof z.ZodRecord) return z.record(z.string(), answerOf(schema.valueType as z.ZodType));
  return scalar(schema);
}

function scalar(schema: z.ZodType): z.ZodType {
  if (schema instanceof z.ZodISODateTime) return z.iso.datetime();
  if (schema instanceof z.ZodString) return z.string();
  if (schema instanceof z.ZodNumberFormat) return z.int();
  if (schema instanceof z.ZodNumber) return z.number();
  if (schema instanceof z.ZodEnum) return z.enum(schema.options as [string, ...string[]]);
  return schema;
}
