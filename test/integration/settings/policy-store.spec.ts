import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { InvalidSettings, SettingsConflict, SettingsNotFound } from '#libs/settings';
import { endpointDeclaration } from '#libs/settings/endpoints';
import { policyDeclaration } from '#libs/settings/policies';
import { type OpenSettings, openSettings } from './open-settings.js';

let p: OpenSettings;
let n = 0;
let ids: string[];
beforeAll(async () => {
  p = await openSettings();
});
afterAll(() => p.close());
beforeEach(async () => {
  ids = [];
  for (let i = 0; i < 3; i += 1) {
    n += 1;
    const settings = endpointDeclaration.schemas.create.parse({
      name: `e${n}`,
      channel: 'http',
      config: { url: 'https://example.com' },
    });
    ids.push((await p.endpoints.create(settings, 'default')).id);
  }
});

const create = (over: Record<string, unknown> = {}) => {
  n += 1;
  return p.policies.create(policyDeclaration.schemas.create.parse({ key: `policy ${n}`, ...over }), 'default');
};
const formerLinks = async (key: string) =>
  (await p.settings.refresh()).formerLinks.filter((link) => link.policyKey === key);

describe('creating', () => {
  it('keeps the order of endpoints and drops repeats', async () => {
    const made = await create({ endpoints: [ids[2], ids[0], ids[2]] });
    expect(made).toMatchObject({ name: made.key, endpoints: [ids[2], ids[0]], match: null, enabled: true });
    expect(await p.policies.get('default', made.key)).toEqual(made);
  });

  it('names each endpoint that is none of the team', async () => {
    const error = await create({ endpoints: [ids[0], 'nope', "'; DROP TABLE policies"] }).catch(
      (thrown: unknown) => thrown,
    );
    expect((error as InvalidSettings).errors.map((one) => one.path)).toEqual(['endpoints.1', 'endpoints.2']);
  });

  it('refuses a key that is there', async () => {
    const made = await create();
    await expect(create({ key: made.key })).rejects.toThrow(SettingsConflict);
  });

  it.each(['a/b', 'ü 😀', '%2F', '..', '*x', "o'hara", 'x'.repeat(256)])('takes the key %j', async (key) => {
    await create({ key });
    expect(await p.policies.get('default', key)).toMatchObject({ key });
  });

  it.each([
    [{}, 'match'],
    [{ a: '~(' }, 'match.a'],
    [{ level: 'critical' }, 'match.level'],
    [{ a: 1 }, 'match.a'],
    ['x', 'match'],
    [Object.fromEntries(Array.from({ length: 51 }, (_, i) => [`k${i}`, 'v'])), 'match'],
  ])('refuses the match %j', (match, path) => {
    const result = policyDeclaration.schemas.create.safeParse({ key: 'k', match });
    expect(result.error?.issues[0]?.path.join('.')).toBe(path);
  });
});

describe('changing', () => {
  it('merges, puts defaults back for null, and takes back what it has shown', async () => {
    const made = await create({ name: 'nice', match: { a: '1', b: '2' }, endpoints: [ids[0]] });
    expect(await p.policies.patch('default', made.key, { ...made })).toMatchObject({
      name: 'nice',
      endpoints: [ids[0]],
    });
    const changed = await p.policies.patch('default', made.key, {
      name: null,
      match: { a: null, c: '3' },
      endpoints: [ids[1]],
    });
    expect(changed).toMatchObject({ name: made.key, match: { b: '2', c: '3' }, endpoints: [ids[1]] });
  });

  it('refuses another key, and a match that would end up empty', async () => {
    const made = await create({ match: { a: '1' } });
    await expect(p.policies.patch('default', made.key, { key: 'other' })).rejects.toThrow('key cannot be changed');
    await expect(p.policies.patch('default', made.key, { match: { a: null } })).rejects.toThrow('at least one entry');
    await expect(p.policies.patch('default', made.key, { nope: 1 })).rejects.toThrow(InvalidSettings);
  });

  it('keeps what recoveries need of links that are taken away', async () => {
    const made = await create({ endpoints: ids });
    await p.policies.patch('default', made.key, { endpoints: [ids[0]] });
    expect(await formerLinks(made.key)).toEqual([
      { policyKey: made.key, team: 'default', match: null, endpointIds: [ids[1], ids[2]].sort() },
    ]);
    await p.policies.patch('default', made.key, { match: { region: 'gz' } });
    expect((await formerLinks(made.key)).at(-1)).toMatchObject({ match: null, endpointIds: [ids[0]] });
    await p.policies.patch('default', made.key, { name: 'only the name' });
    expect(await formerLinks(made.key)).toHaveLength(2);
    await p.policies.remove('default', made.key);
    expect((await formerLinks(made.key)).at(-1)).toMatchObject({ match: { region: 'gz' }, endpointIds: [ids[0]] });
  });

  it('keeps what is switched to and fro once', async () => {
    const made = await create({ endpoints: ids, match: { b: '1', a: '2' } });
    for (let i = 0; i < 3; i += 1) {
      await p.policies.patch('default', made.key, { endpoints: [] });
      await p.policies.patch('default', made.key, { endpoints: ids.toReversed() });
      await p.policies.patch('default', made.key, { enabled: false });
      await p.policies.patch('default', made.key, { enabled: true });
    }
    expect(await formerLinks(made.key)).toHaveLength(1);
  });

  it('keeps them where an endpoint is deleted, and forgets them with the endpoint', async () => {
    const made = await create({ endpoints: ids });
    await p.endpoints.remove(ids[1] as string, null, true);
    expect(await formerLinks(made.key)).toEqual([]);
    expect((await p.policies.get('default', made.key)).endpoints).toEqual([ids[0], ids[2]]);
  });

  it('forgets former links after their time', async () => {
    const made = await create({ endpoints: ids });
    await p.policies.patch('default', made.key, { endpoints: [] });
    await p.database.run((manager) =>
      manager.query(`UPDATE former_links SET removed_at = removed_at - interval '8 days 1 minute'`),
    );
    await create();
    expect(await formerLinks(made.key)).toEqual([]);
  });

  // PostgreSQL takes at most 65,535 arguments; a reload that fails leaves a restarted process without settings.
  it('loads former links that name more endpoints than a statement has arguments', async () => {
    const made = await create({ endpoints: ids });
    await p.policies.patch('default', made.key, { endpoints: [] });
    await p.database.run((manager) =>
      manager.query(
        `UPDATE former_links SET endpoint_ids = endpoint_ids
         || ARRAY(SELECT gen_random_uuid()::text FROM generate_series(1, 66000)) WHERE policy_key = $1`,
        [made.key],
      ),
    );
    await create();
    expect((await formerLinks(made.key)).map((link) => link.endpointIds)).toEqual([ids]);
  });
});

it('finds nothing where nothing is', async () => {
  for (const key of ['nope', '', 'a\0b', '\ud800'])
    await expect(p.policies.get('default', key)).rejects.toThrow(SettingsNotFound);
  await expect(p.policies.patch('other', 'nope', {})).rejects.toThrow(SettingsNotFound);
  await expect(p.policies.remove('default', 'nope')).rejects.toThrow(SettingsNotFound);
});

it('lists by endpoint, and page by page', async () => {
  const made = [await create({ endpoints: [ids[0]] }), await create({ endpoints: [ids[0], ids[1]] })];
  const keys = (await p.policies.list(null, { endpoint: ids[0] as string }, 50)).items.map((item) => item.key);
  expect(keys.sort()).toEqual(made.map((policy) => policy.key).sort());
  const seen: string[] = [];
  let after: string[] | undefined;
  for (;;) {
    const page = await p.policies.list('default', {}, 3, after);
    seen.push(...page.items.map((item) => item.key));
    if (page.nextCursor === null) break;
    const last = page.items.at(-1);
    after = [last?.team ?? '', last?.key ?? ''];
  }
  expect(new Set(seen).size).toBe(seen.length);
  for (const { key } of made) expect(seen).toContain(key);
});
