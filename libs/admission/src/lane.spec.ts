import { expect, it } from 'vitest';
import { createLane } from './lane.js';

function tried(batchMax: number, fail: (items: number[]) => boolean = () => false) {
  const batches: number[][] = [];
  const submit = createLane<number, string>(async (items) => {
    batches.push(items);
    await new Promise((resolve) => setImmediate(resolve));
    if (fail(items)) throw new Error('refused');
    return items.map((item) => `done ${item}`);
  }, batchMax);
  return { batches, submit };
}

it('a single item runs at once; items that arrive meanwhile run together, in order', async () => {
  const { batches, submit } = tried(100);
  const all = await Promise.all([submit([1]), submit([2, 3]), submit([4])]);
  expect(batches).toEqual([[1], [2, 3, 4]]);
  expect(all).toEqual([['done 1'], ['done 2', 'done 3'], ['done 4']]);
});

it('a batch is no larger than allowed, and a large submission gets all its results', async () => {
  const { batches, submit } = tried(3);
  const [large, small] = await Promise.all([submit([1, 2, 3, 4, 5, 6, 7]), submit([8])]);
  expect(batches).toEqual([
    [1, 2, 3],
    [4, 5, 6],
    [7, 8],
  ]);
  expect(large).toEqual([1, 2, 3, 4, 5, 6, 7].map((item) => `done ${item}`));
  expect(small).toEqual(['done 8']);
});

it('a failed batch fails its callers and no later one', async () => {
  const { submit } = tried(2, (items) => items.includes(2));
  const results = await Promise.allSettled([submit([1]), submit([2, 3, 4]), submit([5])]);
  expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected', 'fulfilled']);
  expect(await submit([6])).toEqual(['done 6']);
});

it('an empty submission makes no call', async () => {
  const { batches, submit } = tried(2);
  expect(await submit([])).toEqual([]);
  expect(batches).toEqual([]);
});
