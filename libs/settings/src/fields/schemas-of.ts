import { z } from 'zod';
import { answerOf } from './answer-of.js';
import type { Access, Answer, Fields, ShapeOf } from './field.js';
import { mergePatchOf } from './merge-patch-of.js';

type Sent = 'settable' | 'immutable';
type Object<Shape extends z.core.$ZodLooseShape> = z.ZodObject<Shape, z.core.$strict>;

const shapeOf = <F extends Fields, A extends Access>(fields: F, ...access: A[]): ShapeOf<F, A> =>
  Object.fromEntries(
    Object.entries(fields)
      .filter(([, field]) => (access as Access[]).includes(field.access))
      .map(([name, { schema }]) => [name, schema]),
  ) as ShapeOf<F, A>;

/** The settings of a resource: a patch is merged into them, and the result is checked by this schema. */
export const settingsSchemaOf = <F extends Fields>(fields: F): Object<ShapeOf<F, Sent>> =>
  z.strictObject(shapeOf(fields, 'settable', 'immutable'));

/** The body that creates a resource. */
export const createSchemaOf = <F extends Fields>(fields: F): Object<ShapeOf<F, Sent | 'createOnly'>> =>
  z.strictObject(shapeOf(fields, 'settable', 'immutable', 'createOnly'));

/** The description of a JSON Merge Patch; a patch is checked by its result. */
export const patchSchemaOf = (fields: Fields): z.ZodType => mergePatchOf(z.strictObject(shapeOf(fields, 'settable')));

/** The resource as the API shows it. */
export const answerSchemaOf = <F extends Fields>(fields: F): z.ZodType<Answer<F>> => {
  const shown = Object.entries(fields).filter(([, { access }]) => access !== 'createOnly' && access !== 'internal');
  return z.object(
    Object.fromEntries(
      shown.map(([name, { schema, answered }]) => {
        const answer = answerOf(schema);
        return [name, answered === undefined ? answer : answer.meta({ description: answered })];
      }),
    ),
  ) as unknown as z.ZodType<Answer<F>>;
};
