import fc from 'fast-check';
import { expect, it } from 'vitest';
import type { OutcomeRecord } from '#libs/contracts';
import { foldRecords, isStorable } from './fold-records.js';

const record = (deliveryId: string, revision: number): OutcomeRecord => ({
  deliveryId,
  revision,
  status: revision === 3 ? 'delivered' : 'retrying',
  endpointId: 'e',
  endpointName: 'n',
  team: 'default',
  channel: 'http',
  target: 't',
  ...(revision === 2 && { targetId: 'robot', episode: 0, fallbackOf: 'z' }),
  ...(revision === 1 && { event: { id: 'i', policy: 'p', object: 'o', level: 'fatal' as const } }),
  attempt: { n: revision, startedAt: 1, durationMs: 1, outcome: 'unavailable' },
  attemptCount: revision,
  createdAt: 1,
  recordedAt: revision,
});

it('returns the same delivery for its records in any order and number', () => {
  const all = ['a', 'b', 'c'].flatMap((id) => [1, 2, 3].map((revision) => record(id, revision)));
  const orders = fc.shuffledSubarray([...all, ...all], { minLength: all.length * 2 });
  fc.assert(
    fc.property(orders, (records) => {
      const folded = foldRecords(records);
      expect(folded.map(({ newest }) => [newest.deliveryId, newest.revision])).toEqual([
        ['a', 3],
        ['b', 3],
        ['c', 3],
      ]);
      for (const { event, attempts, records: from, targetId, episode, fallbackOf } of folded) {
        expect({ targetId, episode, fallbackOf }).toEqual({ targetId: 'robot', episode: 0, fallbackOf: 'z' });
        expect(event?.policy).toBe('p');
        expect(attempts.map(({ n }) => n).sort()).toEqual([1, 2, 3]);
        expect(from).toHaveLength(6);
      }
    }),
  );
});

it('accepts only records, and never throws', () => {
  expect(isStorable(record('a', 1))).toBe(true);
  fc.assert(fc.property(fc.anything(), (anything) => isStorable(anything as OutcomeRecord) === false));
  fc.assert(
    fc.property(fc.constantFrom(...Object.keys(record('a', 1))), fc.anything(), (field, value) => {
      isStorable({ ...record('a', 1), [field]: value } as OutcomeRecord);
    }),
  );
});

it.each([
  ['targetId', 7],
  ['episode', -1],
  ['episode', 1.5],
  ['episode', 2 ** 53],
  ['fallbackOf', 'a\0'],
  ['fallbackOf', ''],
])('takes no record whose %s is %j', (field, value) => {
  expect(isStorable({ ...record('a', 2), [field]: value } as OutcomeRecord)).toBe(false);
});

it.each(['event', 'attempt'])('refuses a record whose %s is null', (field) => {
  expect(isStorable({ ...record('a', 1), [field]: null } as unknown as OutcomeRecord)).toBe(false);
});
