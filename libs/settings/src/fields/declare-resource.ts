import type { z } from 'zod';
import type { Fields, ShapeOf } from './field.js';
import { answerSchemaOf, createSchemaOf, patchSchemaOf, settingsSchemaOf } from './schemas-of.js';

/** The fields that identify one: an id that Tocsin makes, or a key that people choose within their team. */
export type Key = readonly ['id'] | readonly ['team', string];

export interface Declared<F extends Fields> {
  /** The name of folder, table, API path and OpenAPI tag. Never renamed. */
  readonly name: string;
  /** The name of one with its article, for texts: `an endpoint`. */
  readonly one: string;
  readonly key: Key;
  readonly fields: F;
  /** No two resources of a team have the same name. */
  readonly unique?: 'name';
  /** Bodies that the OpenAPI document shows. */
  readonly examples: { readonly create: Record<string, unknown>; readonly patch: Record<string, unknown> };
  /** Query parameters that narrow the list. */
  readonly filters?: Readonly<Record<string, z.ZodType>>;
  /** Query parameters of a deletion. */
  readonly removeOptions?: Readonly<Record<string, z.ZodType>>;
  readonly removeDescription?: string;
}

/** A resource's declaration with all that is made from it. It runs in a browser: no database, no Nest. */
export interface Declaration<F extends Fields = Fields> extends Declared<F> {
  /** The name of one without its article. */
  readonly noun: string;
  readonly schemas: Schemas<F>;
}

type Sent = 'settable' | 'immutable';

interface Schemas<F extends Fields> {
  readonly settings: z.ZodObject<ShapeOf<F, Sent>, z.core.$strict>;
  readonly create: z.ZodObject<ShapeOf<F, Sent | 'createOnly'>, z.core.$strict>;
  readonly patch: z.ZodType;
  readonly answer: ReturnType<typeof answerSchemaOf<F>>;
}

/** The settings of a resource once they are checked. */
export type SettingsOf<F extends Fields> = z.output<Schemas<F>['settings']>;
/** The checked body that creates a resource. */
export type CreateOf<F extends Fields> = z.output<Schemas<F>['create']>;

export function declareResource<const F extends Fields>(declared: Declared<F>): Declaration<F> {
  const { fields, one, examples } = declared;
  const noun = one.replace(/^an? /, '');
  const id = noun.replace(/(^| )./g, (start) => start.trim().toUpperCase());
  return {
    ...declared,
    noun,
    schemas: {
      settings: settingsSchemaOf(fields),
      create: createSchemaOf(fields).meta({ id: `${id}Create`, example: examples.create }),
      patch: patchSchemaOf(fields).meta({
        id: `${id}Patch`,
        description: 'a JSON Merge Patch: null puts a default back',
        example: examples.patch,
      }),
      answer: answerSchemaOf(fields).meta({ id }),
    },
  };
}
