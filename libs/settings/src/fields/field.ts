import { z } from 'zod';
import { durationMs } from '#libs/contracts';

/** Types of columns, as PostgreSQL names them. */
export type ColumnType = 'text' | 'integer' | 'bigint' | 'boolean' | 'text[]' | 'jsonb' | 'timestamptz';

/**
 * How a field is reached. settable: sent and shown. immutable: sent when the resource is created, and shown.
 * createOnly: sent when it is created, never shown. readOnly: shown only. internal: stored only.
 */
export type Access = 'settable' | 'immutable' | 'createOnly' | 'readOnly' | 'internal';

/** A field of a resource: the one declaration that its column, API schemas, snapshot and masks are made from. */
export interface Field {
  readonly access: Access;
  /** The values that are accepted; a default makes the field optional. */
  readonly schema: z.ZodType;
  /** The column's type; absent if other tables hold the field. The column has the field's name in snake case. */
  readonly column?: ColumnType;
  /** The field whose value is taken if this one is not sent. */
  readonly fallsBackTo?: string;
  /** The field holds secrets that a schema of the row marks, see {@link Rules.secretShape}. */
  readonly secretsByRow?: true;
  /** Description of the field in API answers. */
  readonly answered?: string;
  /** How processes that deliver see the field; absent if they do not. */
  readonly snapshot?: InSnapshot;
}
export type Fields = Readonly<Record<string, Field>>;

/** A field in the settings snapshot: under its own name and value unless said otherwise. */
export interface InSnapshot {
  readonly as?: string;
  /** Takes the value of the field that declares it: a method, whose parameter may be narrower than unknown. */
  read?(value: unknown): unknown;
  /** The value is made by the rules of the resource. */
  readonly made?: true;
  /** The value while the row cannot be read. */
  readonly unreadable?: unknown;
}

/** The value of a field once it is checked. */
export type ValueOf<F extends Field> = Exclude<z.output<F['schema']>, undefined>;

/** Column types that hold a value: text never goes into an integer column. */
type ColumnFor<Value> = [Value] extends [string]
  ? 'text' | 'timestamptz'
  : [Value] extends [boolean]
    ? 'boolean'
    : [Value] extends [number]
      ? 'integer' | 'bigint'
      : [Value] extends [readonly string[]]
        ? 'text[]' | 'jsonb'
        : 'jsonb';

type Options<S extends z.ZodType> = Omit<Field, 'access' | 'schema' | 'column'> & {
  readonly column?: ColumnFor<NonNullable<z.output<S>>>;
};
type Declare<A extends Access> = <S extends z.ZodType, const O extends Options<S>>(
  schema: S,
  options: O,
) => { readonly access: A; readonly schema: S } & O;

const declare =
  <A extends Access>(access: A): Declare<A> =>
  (schema, options) => ({ access, schema, ...options });

export const settable = declare('settable');
export const immutable = declare('immutable');
export const createOnly = declare('createOnly');
export const readOnly = declare('readOnly');
export const internal = declare('internal');

/** When the resource was created, and when it was changed last; every resource has both. */
export const TIMES = {
  createdAt: readOnly(z.iso.datetime(), { column: 'timestamptz' }),
  updatedAt: readOnly(z.iso.datetime(), { column: 'timestamptz' }),
};

/** The field as it is stored. */
export const AS_STORED = {} as const;

/** A duration in milliseconds. */
export const inMs = <const Name extends string>(as: Name) => ({ as, read: durationMs, unreadable: 0 }) as const;

/** A time as RFC 3339 text. */
export const AS_TEXT = { read: (at: Date) => at.toISOString() } as const;

/** A value that the rules of the resource make; `unreadable` is the value while they cannot. */
export const madeByRules = <Value>(unreadable: Value) => ({ made: true, unreadable }) as const;

type Shown = 'settable' | 'immutable' | 'readOnly';
type KeysWith<F extends Fields, A extends Access> = {
  [K in keyof F]: F[K]['access'] extends A ? K : never;
}[keyof F];
type StoredKeys<F extends Fields> = {
  [K in keyof F]: F[K] extends { column: ColumnType } ? K : never;
}[keyof F];
type SnapshotKeys<F extends Fields> = { [K in keyof F]: F[K] extends { snapshot: InSnapshot } ? K : never }[keyof F];
type MadeKeys<F extends Fields> = { [K in keyof F]: F[K] extends { snapshot: { made: true } } ? K : never }[keyof F];

type StoredValue<F extends Field> = F extends { column: 'timestamptz' } ? Date : ValueOf<F>;

/** A row of the resource's table. */
export type Row<F extends Fields> = { [K in StoredKeys<F>]: StoredValue<F[K]> };

/** Fields that other tables hold. */
export type Elsewhere<F extends Fields> = {
  [K in Exclude<KeysWith<F, Shown>, StoredKeys<F>>]: ValueOf<F[K]>;
};

/** The resource as the API shows it. */
export type Answer<F extends Fields> = { [K in KeysWith<F, Shown>]: ValueOf<F[K]> };

/** Schemas by field, of fields with some kinds of access. */
export type ShapeOf<F extends Fields, A extends Access> = { [K in KeysWith<F, A>]: F[K]['schema'] };

type SnapshotName<F extends Field, K> = F extends { snapshot: { as: infer Name extends string } } ? Name : K;
type SnapshotValue<F extends Field> = F extends { snapshot: { made: true; unreadable: infer Value } }
  ? Value
  : F extends { snapshot: { read: (value: never) => infer Value } }
    ? Value
    : StoredValue<F>;

/** The resource as processes that deliver see it. */
export type Snapshot<F extends Fields> = {
  [K in SnapshotKeys<F> as SnapshotName<F[K], K & string>]: SnapshotValue<F[K]>;
};
/** Stored values that a snapshot is made of. */
export type SnapshotInput<F extends Fields> = Pick<Row<F>, Exclude<SnapshotKeys<F>, MadeKeys<F>> & StoredKeys<F>>;
/** Values of a snapshot that the rules make. */
export type Made<F extends Fields> = { [K in MadeKeys<F>]: SnapshotValue<F[K]> };
