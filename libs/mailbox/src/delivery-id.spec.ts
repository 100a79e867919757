import { expect, it } from 'vitest';
import { shardOfDelivery } from './delivery-shard.js';

it.each([
  ['0mkq3v5zt1a2b3c0a', 10],
  ['0mkq3v5zt1a2b3c03f', 63],
  ['0mkq3v5zt1a2b3c03f-2', 63],
  ['0mkq3v5zt1a2b3c03f-12_r3', 63],
  ['0mkq3v5zt1a2b3c03f_r1', 63],
  ['0mkq3v5zt1a2b3c03f_f01', 1],
  ['0mkq3v5zt1a2b3c03f-2_f01_r2', 1],
  ['0mkq3v5zt1a2b3c03f_r1_f02-1', 2],
  ['0mkq3v5zt1a2b3c0ff', undefined],
  ['nothing of ours', undefined],
  ['', undefined],
])('finds the shard in the id of a delivery: %s', (id, shard) => {
  expect(shardOfDelivery(id)).toBe(shard);
});
