/** How one value crosses the border to Lua, as an argument of a script or as a part of its answer. */
export interface Kind<T> {
  /** The value as an argument. */
  encode(value: T): string | number;
  /** The Lua expression that reads the argument. */
  read(argument: string): string;
  /** The value from an answer. */
  decode(reply: unknown): T;
  /** The rows that an answer of this kind is made of. */
  readonly rows: readonly Row[];
}

/** A list of named values, which Lua answers in the order of their declaration: `answers.<name> { field = … }`. */
export interface Row {
  readonly name: string;
  readonly fields: readonly string[];
}

export type Fields = Readonly<Record<string, Kind<unknown>>>;
export type ValueOf<K> = K extends Kind<infer T> ? T : never;
export type ValuesOf<F extends Fields> = { [Name in keyof F]: ValueOf<F[Name]> };

const asIs = (argument: string): string => argument;
const asNumber = (argument: string): string => `tonumber(${argument})`;
const NO_ROWS: readonly Row[] = [];

/** A text that is one of a few words. */
export const word = <T extends string>(): Kind<T> => ({
  encode: (value) => value,
  read: asIs,
  decode: (reply) => reply as T,
  rows: NO_ROWS,
});

export const text: Kind<string> = word<string>();

/** A text that may be missing; Lua sees an empty one instead. */
export const optionalText: Kind<string | undefined> = {
  encode: (value) => value ?? '',
  read: asIs,
  decode: (reply) => (reply === '' ? undefined : (reply as string)),
  rows: NO_ROWS,
};

export const number: Kind<number> = {
  encode: (value) => value,
  read: asNumber,
  decode: Number,
  rows: NO_ROWS,
};

/** A number that may be missing. An argument is nil in Lua then; in an answer 0 stands for it. */
export const optionalNumber: Kind<number | undefined> = {
  encode: (value) => value ?? '',
  read: asNumber,
  decode: (reply) => Number(reply) || undefined,
  rows: NO_ROWS,
};

/** A number that Lua reads as text: to compare it with stored text, or to convert it only where it is used. */
export const numeral: Kind<number> = { ...number, read: asIs };

/** The same where the number may be missing: Lua reads an empty text. */
export const optionalNumeral: Kind<number | undefined> = { ...optionalNumber, read: asIs };

/** Of an answer: a number or a text, with the type that Lua has stored. */
export const numberOrText: Kind<number | string> = {
  encode: (value) => value,
  read: asIs,
  decode: (reply) => reply as number | string,
  rows: NO_ROWS,
};

/** A boolean on both sides. In an answer the numbers 1 and 0 stand for it as well. */
export const flag: Kind<boolean> = {
  encode: (value) => (value ? 1 : 0),
  read: (argument) => `(${argument} == '1')`,
  decode: (reply) => reply === 1,
  rows: NO_ROWS,
};

function notAnArgument(): never {
  throw new TypeError('lists and rows are no single arguments');
}

/** Of an answer: values of one kind. */
export const list = <T>(kind: Kind<T>): Kind<T[]> => ({
  encode: notAnArgument,
  read: notAnArgument,
  decode: (reply) => (reply as unknown[]).map(kind.decode),
  rows: kind.rows,
});

/** Of an answer: a value that Lua may leave out by answering false, or an empty table. */
export const optional = <T>(kind: Kind<T>): Kind<T | undefined> => ({
  encode: notAnArgument,
  read: notAnArgument,
  decode: (reply) => (reply === null || (reply as unknown[]).length === 0 ? undefined : kind.decode(reply)),
  rows: kind.rows,
});

/** Of an answer: named values. */
export function row<const F extends Fields>(name: string, fields: F): Kind<ValuesOf<F>> {
  const entries = Object.entries(fields);
  return {
    encode: notAnArgument,
    read: notAnArgument,
    decode(reply) {
      const values = reply as unknown[];
      // Lua ends a list at its first nil.
      if (values.length !== entries.length) {
        throw new TypeError(`a script answered ${values.length} of the ${entries.length} fields of ${name}`);
      }
      return Object.fromEntries(entries.map(([field, kind], i) => [field, kind.decode(values[i])])) as ValuesOf<F>;
    },
    rows: [{ name, fields: Object.keys(fields) }, ...entries.flatMap(([, kind]) => kind.rows)],
  };
}
