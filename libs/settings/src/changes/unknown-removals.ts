import { z } from 'zod';
import { type FieldError, fieldError } from '#libs/validation';
import { InvalidSettings } from './settings-errors.js';

type Json = Record<string, unknown>;
type Path = readonly string[];

/**
 * Merging drops what is null, so the check of what a patch leads to never sees a misspelt name that was to be removed.
 * What is stored may be removed though its schema knows it no more. @throws InvalidSettings naming each such field
 */
export function refuseUnknownRemovals(schema: z.ZodType, target: Json, patch: Json): void {
  const errors = [...unknownRemovals(schema, target, patch, [])];
  if (errors.length > 0) throw new InvalidSettings(errors.slice(0, 100));
}

function* unknownRemovals(schema: z.ZodType, target: Json, patch: Json, path: Path): Generator<FieldError> {
  const shapes = shapesOf(schema);
  if (shapes === undefined) return;
  for (const [key, value] of Object.entries(patch)) {
    const at = [...path, key];
    const known = shapes.filter((shape) => Object.hasOwn(shape, key)).map((shape) => shape[key] as z.ZodType);
    const stored = Object.hasOwn(target, key) ? target[key] : undefined;
    if (value === null && known.length === 0 && stored === undefined) yield fieldError(at, 'is not a known field');
    if (isObject(value) && known.length > 0) {
      yield* unknownRemovals(z.union(known), isObject(stored) ? stored : {}, value, at);
    }
  }
}

/** The shapes a value may have; undefined where it may have any names, as records do. */
function shapesOf(schema: z.ZodType): Record<string, z.ZodType>[] | undefined {
  if (schema instanceof z.ZodObject) return [schema.shape];
  if (schema instanceof z.ZodUnion) {
    const shapes = schema.options.map((option) => shapesOf(option as z.ZodType));
    return shapes.some((shape) => shape === undefined) ? undefined : shapes.flatMap((shape) => shape ?? []);
  }
  if (schema instanceof z.ZodPipe) return shapesOf(schema.in as z.ZodType);
  if (
    schema instanceof z.ZodOptional ||
    schema instanceof z.ZodNullable ||
    schema instanceof z.ZodDefault ||
    schema instanceof z.ZodPrefault
  ) {
    return shapesOf(schema.unwrap() as z.ZodType);
  }
  return schema instanceof z.ZodRecord || schema instanceof z.ZodAny || schema instanceof z.ZodUnknown ? undefined : [];
}

function isObject(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
