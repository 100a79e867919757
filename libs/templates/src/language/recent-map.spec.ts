import { expect, it } from 'vitest';
import { RecentMap } from './recent-map.js';

it('keeps what is used, and forgets what is not once there is too much', () => {
  const map = new RecentMap<number>({ count: 8, chars: 1_000 });
  map.set('used', 1);
  map.set('unused', 2);
  for (let i = 0; i < 20; i++) {
    map.set(`other ${i}`, i);
    expect(map.get('used')).toBe(1);
  }
  expect(map.get('unused')).toBeUndefined();
  expect(map.get('other 19')).toBe(19);
});

it('holds fewer the longer they are, and one that is longer than all may be', () => {
  const map = new RecentMap<number>({ count: 1_000, chars: 100 });
  for (let i = 0; i < 10; i++) map.set(String(i).repeat(25), i);
  const kept = Array.from({ length: 10 }, (_, i) => map.get(String(i).repeat(25))).filter(
    (value) => value !== undefined,
  );
  expect(kept.length).toBeLessThanOrEqual(4);
  map.set('x'.repeat(500), 1);
  expect(map.get('x'.repeat(500))).toBe(1);
});

it('has nothing any more of what is deleted', () => {
  const map = new RecentMap<number>({ count: 2, chars: 1_000 });
  map.set('a', 1);
  map.set('b', 2);
  map.delete('a');
  map.delete('b');
  expect([map.get('a'), map.get('b')]).toEqual([undefined, undefined]);
});
