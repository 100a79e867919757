import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, expectTypeOf, it } from 'vitest';
import { z } from 'zod';
import { durationSchema } from '#libs/contracts';
import { endpointDeclaration, endpointFields } from '../endpoints/schemas.js';
import { entityOf } from './entity-of.js';
import {
  type Answer,
  AS_STORED,
  type CreateOf,
  declareResource,
  inMs,
  type Row,
  readOnly,
  type SettingsOf,
  type Snapshot,
  settable,
} from './index.js';
import { snapshotOf, unreadableSnapshotOf } from './snapshot-of.js';

/** An endpoint with one field more, declared once. */
const fields = {
  ...endpointFields,
  quietFor: settable(durationSchema.default('5m').meta({ description: 'quiet after a push' }), {
    column: 'text',
    snapshot: inMs('quietForMs'),
  }),
};
type Extended = typeof fields;
const extended = declareResource({ ...endpointDeclaration, fields });
const { quietFor: _, ...rest } = fields;

interface ObjectSchema {
  properties: Record<string, object>;
  required?: string[];
}

/** The JSON Schema of a schema with an id of its own, as the OpenAPI document has it. */
function jsonSchema(schema: z.ZodType, io: 'input' | 'output'): ObjectSchema {
  const { $defs = {} } = z.toJSONSchema(schema, { io, unrepresentable: 'any' });
  return $defs[schema.meta()?.id as string] as unknown as ObjectSchema;
}

describe('one declaration of a field', () => {
  it('gives the column of the entity', () => {
    const { columns } = entityOf<Extended>(extended).options;
    expect(columns.quietFor).toMatchObject({ type: 'text', name: 'quiet_for', nullable: false });
    expectTypeOf<Row<Extended>['quietFor']>().toEqualTypeOf<string>();
  });

  it('gives the schemas of bodies, patches and answers, and their OpenAPI texts', () => {
    const create = jsonSchema(extended.schemas.create, 'input');
    expect(create.properties.quietFor).toMatchObject({ default: '5m', description: 'quiet after a push' });
    expect(create.required).not.toContain('quietFor');
    const patch = jsonSchema(extended.schemas.patch, 'input');
    expect(patch.properties.quietFor).toMatchObject({ description: 'quiet after a push' });
    expect(JSON.stringify(patch.properties.quietFor)).toContain('null');
    const answer = jsonSchema(extended.schemas.answer, 'output');
    expect(answer.properties.quietFor).toEqual({ type: 'string' });
    expect(answer.required).toContain('quietFor');
    expectTypeOf<SettingsOf<Extended>['quietFor']>().toEqualTypeOf<string>();
    expectTypeOf<CreateOf<Extended>['quietFor']>().toEqualTypeOf<string>();
    expectTypeOf<Answer<Extended>['quietFor']>().toEqualTypeOf<string>();
  });

  it('gives the value in the snapshot, and the one while the row cannot be read', () => {
    const row = { quietFor: '2m', pushPeriod: '1h', expireAfter: '1h', digestAfter: '1m', updatedAt: new Date(0) };
    const made = { config: {}, rateLimit: null };
    expect(snapshotOf(fields, row as Row<Extended>, made)).toMatchObject({ quietForMs: 120_000 });
    expect(unreadableSnapshotOf(fields, row as Row<Extended>)).toMatchObject({ quietForMs: 0, enabled: false });
    expectTypeOf<Snapshot<Extended>['quietForMs']>().toEqualTypeOf<number>();
  });

  it('leaves everything else as it was', () => {
    const { quietFor: _column, ...columns } = entityOf<Extended>(extended).options.columns;
    expect(columns).toEqual(entityOf(declareResource({ ...endpointDeclaration, fields: rest })).options.columns);
  });

  it('does not compile with a column that cannot hold the value', () => {
    settable(z.string(), { column: 'text' });
    // @ts-expect-error text does not fit an integer column
    settable(z.string(), { column: 'integer' });
    // @ts-expect-error an object is stored as JSON
    readOnly(z.strictObject({}), { column: 'text' });
    settable(z.int().nullable().default(null), { column: 'integer', snapshot: AS_STORED });
  });
});

it('writes the name of a field of endpoints in no source of this library but its declaration', () => {
  const root = join(import.meta.dirname, '..');
  const naming = readdirSync(root, { recursive: true, encoding: 'utf8' })
    .filter((file) => /\.ts$/.test(file) && !/(\.spec|fixtures)\.ts$/.test(file))
    .filter((file) => readFileSync(join(root, file), 'utf8').includes('digestAfter'));
  expect(naming).toEqual(['endpoints/schemas.ts']);
});
