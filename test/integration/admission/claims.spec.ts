import { afterAll, beforeEach, expect, it } from 'vitest';
import { claimHash } from '#libs/mailbox';
import { DAY, endpoint, Gate, HOUR, MINUTE } from './harness.js';

const gate = new Gate(6);
beforeEach(async () => {
  await gate.flush();
  gate.endpoints = [endpoint()];
});
afterAll(() => gate.close());

const PREFIX = 'tocsin:{s03}:';
const keys = (pattern: string): Promise<string[]> => gate.redis.keys(`${PREFIX}${pattern}`);
const firing = (count: number, name: string) =>
  Array.from({ length: count }, (_, i) => gate.incoming('fatal', { object: `${name}${i}` }));
async function sizes(hashes: string[]): Promise<number> {
  const found = await Promise.all(hashes.map((hash) => gate.redis.hlen(hash)));
  return found.reduce((sum, size) => sum + size, 0);
}

it('claims and busy keys of 10,000 objects are in compact hashes, and end with their episodes and deliveries', async () => {
  await gate.admit(firing(10_000, 'o'));
  const [claims, busy] = [await keys('claims:*'), await keys('box:e1.t:busy:*')];
  expect([await sizes(claims), await sizes(busy)]).toEqual([10_000, 10_000]);
  const encodings = await Promise.all([...claims, ...busy].map((hash) => gate.redis.object('ENCODING', hash)));
  expect(new Set(encodings)).toEqual(new Set(['listpack']));
  await gate.prove();
  for (let left = 10_000; left > 0; left -= (await gate.run('dead')).length);
  expect(await keys('box:e1.t:busy:*')).toEqual([]);
  expect(await sizes(await keys('claims:*'))).toBe(10_000);
});

it('a claim without content is removed when its bucket would have expired, while others stay', async () => {
  await gate.post('fatal', { object: 'old' });
  const [bucket = ''] = await keys('claims:*');
  const [old = ''] = await gate.redis.hkeys(bucket);
  expect(await gate.redis.pttl(bucket)).toBeGreaterThan(7 * DAY);
  gate.now += 8 * DAY;
  await gate.redis.pexpire(bucket, HOUR);
  await gate.admit(firing(5_000, 'new'));
  expect(await gate.redis.hlen(bucket)).toBeGreaterThan(1);
  expect(await gate.redis.hexists(bucket, old)).toBe(0);
  expect(await gate.redis.pttl(bucket)).toBeGreaterThan(7 * DAY);
});

it('a bucket that grows large splits, and its claims stay the same', async () => {
  const together = Array.from({ length: 100_000 }, (_, i) => `o${i}`)
    .filter((object) => /^A[AIQYaiqy19]/.test(claimHash('default', 'p', object)))
    .slice(0, 150);
  const postAll = async () =>
    (await gate.admit(together.map((object) => gate.incoming('fatal', { object })))).map(
      ({ endpoints }) => endpoints[0]?.result,
    );
  expect(new Set(await postAll())).toEqual(new Set(['queued']));
  const hashes = await keys('claims:*');
  expect(hashes).toHaveLength(9);
  // One entry marks the split.
  expect(await sizes(hashes)).toBe(together.length + 1);
  const ends = await Promise.all(hashes.map((hash) => gate.redis.pttl(hash)));
  expect(Math.min(...ends)).toBeGreaterThan(7 * DAY);
  gate.now += HOUR;
  expect(new Set(await postAll())).toEqual(new Set(['period']));
  expect(await sizes(await keys('claims:*'))).toBe(together.length + 1);
  gate.now += 8 * DAY;
  await Promise.all(hashes.map((hash) => gate.redis.pexpire(hash, HOUR)));
  expect(new Set(await postAll())).toEqual(new Set(['queued']));
  const parent = hashes.find((hash) => hash.endsWith(':A1')) as string;
  expect(await gate.redis.pttl(parent)).toBeGreaterThan(7 * DAY);
});

it('a claim with more pushes than usual is judged by all of them, and its bucket stays compact', async () => {
  gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
  for (let i = 0; i < 8; i++) {
    await gate.post('warning');
    gate.now += MINUTE;
  }
  const [bucket = ''] = await keys('claims:*');
  expect(await gate.redis.object('ENCODING', bucket)).toBe('listpack');
  expect(await keys('claim:*')).toHaveLength(1);
  const postWithin = async (pushPeriodMs: number) => {
    gate.endpoints = [endpoint({ pushPeriodMs })];
    const result = await gate.post('warning');
    gate.endpoints = [endpoint({ pushPeriodMs: 0 })];
    return result;
  };
  for (let i = 0; i < 7; i++) expect(await gate.run('cancelled')).toHaveLength(1);
  expect(await postWithin(HOUR)).toBe('period');
  expect(await gate.run('cancelled')).toHaveLength(1);
  expect(await postWithin(HOUR)).toBe('queued');
});

it('ids of pushes are unique, even if Redis lost their counter', async () => {
  const ids = async () =>
    (await gate.admit(firing(1_000, `at ${gate.now} `))).map(({ endpoints }) => endpoints[0]?.deliveryId);
  const first = await ids();
  await gate.flush();
  gate.now += 1;
  const second = await ids();
  expect(new Set([...first, ...second]).size).toBe(2_000);
  expect(first.every((id) => /^[0-9a-z]{12}03$/.test(id ?? ''))).toBe(true);
  expect([...first, ...second].sort()).toEqual([...first, ...second]);
});
