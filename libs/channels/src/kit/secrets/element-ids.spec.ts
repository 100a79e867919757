import { expect, it } from 'vitest';
import { z } from 'zod';
import { giveIds, repeatedIds } from './element-ids.js';

const secret = z.string().meta({ writeOnly: true });
const robot = z.strictObject({ id: z.string().optional(), webhookUrl: secret });
const schema = z.strictObject({
  robots: z.array(robot).optional(),
  groups: z.array(z.strictObject({ id: z.string().optional(), robots: z.array(robot) })).optional(),
  people: z.array(z.strictObject({ id: z.string().optional(), name: z.string() })).optional(),
  tokens: z.array(secret).optional(),
});

let made = 0;
const newId = () => `new${made++}`;

it('gives an id to every element that holds a secret and has none, and to no other', () => {
  made = 0;
  const config = {
    robots: [{ webhookUrl: 'a' }, { id: 'kept', webhookUrl: 'b' }],
    groups: [{ robots: [{ webhookUrl: 'c' }] }],
    people: [{ name: 'Ann' }],
    tokens: ['t'],
  };
  const given = giveIds(schema, config, newId);
  expect(given).toEqual({
    robots: [
      { id: 'new0', webhookUrl: 'a' },
      { id: 'kept', webhookUrl: 'b' },
    ],
    groups: [{ id: 'new2', robots: [{ id: 'new1', webhookUrl: 'c' }] }],
    people: [{ name: 'Ann' }],
    tokens: ['t'],
  });
  expect(giveIds(schema, given, newId)).toEqual(given);
  expect(schema.parse(given)).toEqual(given);
});

it('finds ids that an earlier element of the same list has', () => {
  const list = (...ids: string[]) => ids.map((id) => ({ id, webhookUrl: 'w' }));
  const groups = [
    { id: 'g', robots: list('a', 'b') },
    { id: 'h', robots: list('a', 'b', 'b') },
  ];
  const people = [
    { id: 'p', name: 'Ann' },
    { id: 'p', name: 'Bob' },
  ];
  expect(repeatedIds(schema, { robots: list('a', 'g', 'a'), groups, people })).toEqual([
    { path: ['robots', '2', 'id'], id: 'a' },
    { path: ['groups', '1', 'robots', '2', 'id'], id: 'b' },
  ]);
});

it.each([null, 7, { robots: 'x' }, { robots: [null, 7, ['x'], { id: 7 }] }])(
  'accepts the unvalidated value %j',
  (value) => {
    expect(repeatedIds(schema, value as never)).toEqual([]);
    expect(() => giveIds(schema, value as never, newId)).not.toThrow();
  },
);
