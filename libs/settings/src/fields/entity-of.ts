import { EntitySchema, type EntitySchemaColumnOptions } from 'typeorm';
import { z } from 'zod';
import { bigintAsNumber } from '#libs/persistence';
import type { Declaration } from './declare-resource.js';
import type { ColumnType, Field, Fields, Row } from './field.js';

/** The columns of a type; `transformer` gives numbers for the texts that the driver returns. */
const OPTIONS: Record<ColumnType, EntitySchemaColumnOptions> = {
  text: { type: 'text' },
  integer: { type: 'integer' },
  bigint: { type: 'bigint', transformer: bigintAsNumber },
  boolean: { type: 'boolean' },
  'text[]': { type: 'text', array: true },
  jsonb: { type: 'jsonb' },
  timestamptz: { type: 'timestamptz', precision: 3 },
};

/** The entity of a resource. Others refer to it by the resource's name, which is also the table's. */
export function entityOf<F extends Fields>({ name, fields, key }: Declaration<F>): EntitySchema<Row<F>> {
  const columns = Object.entries(fields).flatMap(([field, declared]) =>
    declared.column === undefined ? [] : [[field, column(field, declared, declared.column, key)]],
  );
  return new EntitySchema<Row<F>>({ name, tableName: name, columns: Object.fromEntries(columns) });
}

function column(name: string, { schema }: Field, type: ColumnType, key: readonly string[]): EntitySchemaColumnOptions {
  return {
    ...OPTIONS[type],
    name: columnName(name),
    nullable: takesNull(schema),
    ...(key.includes(name) && { primary: true }),
  };
}

/** `pushPeriod` is stored as `push_period`. */
export const columnName = (field: string): string => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

function takesNull(schema: z.ZodType): boolean {
  if (schema instanceof z.ZodNullable) return true;
  if (schema instanceof z.ZodDefault || schema instanceof z.ZodOptional) return takesNull(schema.unwrap() as z.ZodType);
  return false;
}
