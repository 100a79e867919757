import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Settings } from '#libs/contracts';
import { Database, DatabaseAway } from '#libs/persistence';
import { endpointDeclaration } from '#libs/settings/endpoints';
import { policyDeclaration } from '#libs/settings/policies';
import { waitFor } from '../../support/index.js';
import { type OpenSettings, openSettings } from './open-settings.js';

let p: OpenSettings;
let n = 0;
beforeAll(async () => {
  p = await openSettings();
});
afterAll(() => p.close());

const create = (over: Record<string, unknown> = {}) => {
  n += 1;
  const settings = {
    name: `e${n}`,
    channel: 'http',
    config: { url: 'https://example.com', headers: { 'x-key': 'k' } },
    ...over,
  };
  return p.endpoints.create(endpointDeclaration.schemas.create.parse(settings), 'default');
};

it('gives endpoints as delivery uses them', async () => {
  const made = await create({ pushPeriod: '5m', expireAfter: '1h', rateLimit: { max: 3, per: '1m' } });
  const { endpoints } = await p.settings.refresh();
  expect(endpoints.get(made.id)).toMatchObject({
    pushPeriodMs: 300_000,
    expireAfterMs: 3_600_000,
    rateLimit: { max: 3, perMs: 60_000 },
    config: { headers: { 'x-key': 'k' }, method: 'POST' },
  });
});

it('keeps the same object for what has not changed', async () => {
  const first = await create();
  const before = await p.settings.refresh();
  const second = await create();
  const after = await p.settings.refresh();
  expect(after.version).toBeGreaterThan(before.version);
  expect(after.endpoints.get(first.id)).toBe(before.endpoints.get(first.id));
  expect(after.endpoints.has(second.id)).toBe(true);
  expect(await p.settings.refresh()).toBe(after);
});

it('applies a change in other processes within a second', async () => {
  const other = await openSettings({ url: p.url });
  const seen: [Settings, Settings | undefined][] = [];
  other.settings.onChange((now, before) => seen.push([now, before]));
  other.settings.start();
  await waitFor(() => seen.length === 1);
  const began = Date.now();
  await p.policies.create(policyDeclaration.schemas.create.parse({ key: 'noticed' }), 'default');
  await waitFor(() => other.settings.current()?.policies.some((policy) => policy.key === 'noticed'));
  expect(Date.now() - began).toBeLessThan(1_000);
  expect(seen).toHaveLength(2);
  expect(seen[1]?.[1]).toBe(seen[0]?.[0]);
  await other.close();
});

it('answers many calls that come together with two reads at most', async () => {
  await p.settings.refresh();
  const created = create();
  const calls = Array.from({ length: 200 }, () => p.settings.refresh());
  const made = await created;
  const late = await p.settings.refresh();
  await Promise.all(calls);
  expect(late.endpoints.has(made.id)).toBe(true);
});

it('marks an endpoint whose secrets cannot be opened, and keeps the others', async () => {
  const made = await create();
  const bare = await create({ config: { url: 'https://example.com' } });
  const stranger = await openSettings({ url: p.url, key: Buffer.alloc(32, 8) });
  const { endpoints } = await stranger.settings.refresh();
  expect(endpoints.get(made.id)).toMatchObject({
    config: {},
    unreadable: expect.stringContaining('another TOCSIN_SECRET_KEY'),
  });
  expect(endpoints.get(bare.id)).toMatchObject({ enabled: true });
  expect(stranger.lines.some((line) => JSON.stringify(line).includes(made.id))).toBe(true);
  // Only a whole new config helps, since what it would be merged into cannot be read.
  await expect(stranger.endpoints.patch(made.id, { enabled: false }, null)).rejects.toThrow('decrypted');
  await stranger.endpoints.patch(made.id, { config: { url: 'https://example.com/new' } }, null);
  expect((await stranger.settings.refresh()).endpoints.get(made.id)?.unreadable).toBeUndefined();
  await stranger.close();
});

it('marks an endpoint whose config no longer fits', async () => {
  const made = await create();
  await p.database.run((manager) =>
    manager.query(`UPDATE endpoints SET config = '{"url": "gone"}', changed_in = changed_in + 1 WHERE id = $1`, [
      made.id,
    ]),
  );
  await create();
  expect((await p.settings.refresh()).endpoints.get(made.id)?.unreadable).toContain('url');
});

it('refuses at once while there is no server, and says so', async () => {
  const away = new Database('postgres://x@127.0.0.1:1/x', p.log);
  away.start();
  const began = Date.now();
  await expect(away.run((manager) => manager.query('SELECT 1'))).rejects.toThrow(DatabaseAway);
  expect(Date.now() - began).toBeLessThan(2_000);
  expect(await away.whyAway()).toContain('does not answer');
  await away.stop();
});
