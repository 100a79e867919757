import { expect, it } from 'vitest';
import { z } from 'zod';
import { InvalidSettings } from './settings-errors.js';
import { refuseUnknownRemovals } from './unknown-removals.js';

const schema = z.strictObject({
  name: z.string(),
  period: z.string().default('1h'),
  match: z.record(z.string(), z.string()).nullable().default(null),
  limit: z.strictObject({ max: z.int() }).nullable().default(null),
  config: z.strictObject({
    headers: z.record(z.string(), z.string()).default({}),
    sasl: z
      .discriminatedUnion('mechanism', [
        z.strictObject({ mechanism: z.literal('plain'), user: z.string() }),
        z.strictObject({ mechanism: z.literal('token'), token: z.string() }),
      ])
      .optional(),
  }),
});
const target = { name: 'a', config: { former: 1 } };

function refused(patch: Record<string, unknown>): string[] {
  try {
    refuseUnknownRemovals(schema, target, patch);
    return [];
  } catch (error) {
    return (error as InvalidSettings).errors.map(({ path, message }) => `${path} ${message}`);
  }
}

it.each([
  [{ peroid: null }, ['peroid']],
  [{ constructor: null, toString: null }, ['constructor', 'toString']],
  [{ limit: { mx: null } }, ['limit.mx']],
  [{ config: { foo: null, bar: null } }, ['config.foo', 'config.bar']],
  [{ config: { sasl: { pasword: null } } }, ['config.sasl.pasword']],
])('%j is refused', (patch, paths) => {
  expect(refused(patch)).toEqual(paths.map((path) => `${path} is not a known field`));
});

it.each([
  { period: null, match: null, limit: null, name: null },
  { match: { anything: null }, config: { headers: { 'x-old': null } } },
  { config: { sasl: { token: null, user: null } } },
  { config: { former: null } },
  { peroid: 'for the check of what it leads to' },
])('%j is not', (patch) => {
  expect(refused(patch)).toEqual([]);
});
