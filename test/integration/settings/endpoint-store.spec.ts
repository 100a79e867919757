import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidSettings, SettingsConflict, SettingsNotFound } from '#libs/settings';
import { type EndpointCreate, endpointDeclaration } from '#libs/settings/endpoints';
import { type OpenSettings, openSettings } from './open-settings.js';

let p: OpenSettings;
let names = 0;
beforeAll(async () => {
  p = await openSettings();
});
afterAll(() => p.close());

const SECRET = 'whsec_bm90IGEgcmVhbCBzZWNyZXQsIGp1c3QgYSB0ZXN0';

function settings(over: Record<string, unknown> = {}): EndpointCreate {
  names += 1;
  return endpointDeclaration.schemas.create.parse({
    name: `hook ${names}`,
    channel: 'http',
    config: {
      url: 'https://example.com/hook',
      headers: { Authorization: 'Bearer s3cret', Accept: 'text/plain' },
      signingSecret: SECRET,
    },
    ...over,
  });
}

const create = (over: Record<string, unknown> = {}) => p.endpoints.create(settings(over), 'default');

async function errorsOf(work: Promise<unknown>): Promise<string> {
  const error = await work.then(
    () => undefined,
    (thrown: unknown) => thrown,
  );
  expect(error).toBeInstanceOf(InvalidSettings);
  return JSON.stringify((error as InvalidSettings).errors);
}

describe('creating', () => {
  it('fills in defaults and masks secrets, but not the headers that are none', async () => {
    const made = await create();
    expect(made).toMatchObject({
      team: 'default',
      enabled: true,
      levels: ['fatal', 'error', 'nodata', 'warning', 'recovered'],
      pushPeriod: '12h',
      maxPushes: 0,
      pushOnEscalation: true,
      periodAcrossRecovery: false,
      rateLimit: null,
      expireAfter: '24h',
      digestAfter: '1m',
      fallback: null,
      template: {},
      policyCount: 0,
    });
    expect(made.config).toEqual({
      url: 'https://example.com/hook',
      method: 'POST',
      headers: { Authorization: '********', Accept: 'text/plain' },
      signingSecret: '********',
      timeout: '10s',
    });
    expect(await p.endpoints.get(made.id, null)).toEqual(made);
  });

  it('stores no secret in clear', async () => {
    const made = await create();
    const rows = await p.database.run((manager) =>
      manager.query('SELECT config::text FROM endpoints WHERE id = $1', [made.id]),
    );
    expect(JSON.stringify(rows)).not.toMatch(/s3cret|whsec_/);
    expect(JSON.stringify(rows)).toContain('text/plain');
  });

  it('links policies at once and makes the missing ones', async () => {
    await p.policies.create({ key: 'there', name: 'kept', endpoints: [], match: null, enabled: false }, 'default');
    const made = await create({ policies: ['there', 'new', '*', 'new'] });
    expect(made.policyCount).toBe(3);
    expect(await p.policies.get('default', 'there')).toMatchObject({
      name: 'kept',
      enabled: false,
      endpoints: [made.id],
    });
    expect(await p.policies.get('default', '*')).toMatchObject({ name: '*', enabled: true, endpoints: [made.id] });
  });

  it('refuses a name that is taken in the team', async () => {
    const made = await create();
    await expect(create({ name: made.name })).rejects.toThrow(SettingsConflict);
  });

  it.each([
    [{ channel: 'pigeon' }, 'channel', 'must be one of '],
    [{ config: {} }, 'config.url', ''],
    [{ config: { url: 'ftp://x' } }, 'config.url', 'http'],
    [{ config: { url: 'https://x', nope: 1 } }, 'config.nope', 'not a known field'],
    [{ config: { url: 'https://x', signingSecret: '********' } }, 'config.signingSecret', 'nothing stored'],
    [{ config: { url: 'https://x', headers: { 'X-Key': '********' } } }, 'config.headers.X-Key', 'nothing stored'],
    [{ config: { url: 'https://x/{{{' } }, 'config.url', 'does not compile'],
    [{ template: { title: '{{{' } }, 'template.title', 'line 1, column 1'],
  ])('refuses %j', async (over, path, message) => {
    const errors = await errorsOf(create(over));
    expect(errors).toContain(`"path":"${path}"`);
    expect(errors).toContain(message);
  });

  it('refuses a team that is not there', async () => {
    expect(await errorsOf(p.endpoints.create(settings(), 'nobody'))).toContain('"path":"team"');
  });
});

describe('changing', () => {
  it('merges objects, replaces lists, and puts defaults back for null', async () => {
    const made = await create({ levels: ['fatal'], pushPeriod: '1m', template: { title: 'a', content: 'b' } });
    const changed = await p.endpoints.patch(
      made.id,
      { levels: ['info', 'error', 'info'], pushPeriod: null, template: { title: null }, config: { timeout: '3s' } },
      null,
    );
    expect(changed).toMatchObject({ levels: ['error', 'info'], pushPeriod: '12h', template: { content: 'b' } });
    expect(changed.template).not.toHaveProperty('title');
    expect(changed.config).toMatchObject({ url: 'https://example.com/hook', timeout: '3s', signingSecret: '********' });
  });

  it('takes back what it has shown, and keeps every secret', async () => {
    const made = await create();
    await p.endpoints.patch(made.id, { ...made }, null);
    const { endpoints } = await p.settings.refresh();
    expect(endpoints.get(made.id)?.config).toMatchObject({
      headers: { Authorization: 'Bearer s3cret' },
      signingSecret: SECRET,
    });
  });

  it('changes one header and keeps the others, regardless of the case of its name', async () => {
    const made = await create();
    await p.endpoints.patch(
      made.id,
      { config: { headers: { authorization: 'new', 'X-More': 'm', Accept: null } } },
      null,
    );
    const { endpoints } = await p.settings.refresh();
    expect(endpoints.get(made.id)?.config.headers).toEqual({ Authorization: 'new', 'X-More': 'm' });
  });

  it('removes a secret by null, after which its mask stands for nothing', async () => {
    const made = await create();
    const changed = await p.endpoints.patch(made.id, { config: { signingSecret: null } }, null);
    expect(changed.config).not.toHaveProperty('signingSecret');
    expect(await errorsOf(p.endpoints.patch(made.id, { config: { signingSecret: '********' } }, null))).toContain(
      'nothing stored',
    );
  });

  it.each([
    [{ channel: 'slack' }, 'channel'],
    [{ id: 'other' }, 'id'],
    [{ team: 'other' }, 'team'],
    [{ policyCount: 9 }, 'policyCount'],
    [{ policies: ['a'] }, 'policies'],
    [{ nope: true }, 'nope'],
    [{ name: null }, 'name'],
    [{ name: ' ' }, 'name'],
    [{ maxPushes: -1 }, 'maxPushes'],
    [{ pushPeriod: '90' }, 'pushPeriod'],
    [{ levels: ['critical'] }, 'levels.0'],
    [{ rateLimit: { max: 0, per: '1m' } }, 'rateLimit.max'],
    [{ fallback: 'x' }, 'fallback'],
    [{ config: null }, 'config'],
    [{ config: 'x' }, 'config'],
  ])('refuses %j', async (patch, path) => {
    const made = await create();
    expect(await errorsOf(p.endpoints.patch(made.id, patch, null))).toContain(`"path":"${path}"`);
    expect(await p.endpoints.get(made.id, null)).toEqual(made);
  });

  it('loses no update of writers that come together', async () => {
    const made = await create();
    const names = Array.from({ length: 12 }, (_, i) => `X-${i}`);
    await Promise.all(names.map((name) => p.endpoints.patch(made.id, { config: { headers: { [name]: 'v' } } }, null)));
    const shown = await p.endpoints.get(made.id, null);
    expect(Object.keys(shown.config.headers as object).sort()).toEqual(['Accept', 'Authorization', ...names].sort());
  });
});

describe('a fallback', () => {
  const id = async (over: Record<string, unknown> = {}) => (await create(over)).id;
  const setFallback = (from: string, to: string | null) => p.endpoints.patch(from, { fallback: to }, null);

  it('is stored, shown, used by delivery, kept by other changes, and removed by null', async () => {
    const last = await id();
    const made = await create({ fallback: last });
    expect(made.fallback).toBe(last);
    const changed = await p.endpoints.patch(made.id, { pushPeriod: '1h' }, null);
    expect(changed.fallback).toBe(last);
    expect(await p.endpoints.patch(made.id, { ...changed }, null)).toMatchObject({ fallback: last });
    expect((await p.settings.refresh()).endpoints.get(made.id)?.fallback).toBe(last);
    expect(await setFallback(made.id, null)).toMatchObject({ fallback: null });
    expect((await p.settings.refresh()).endpoints.get(made.id)?.fallback).toBeNull();
  });

  it('is known of an endpoint that cannot be read, too', async () => {
    const last = await id();
    const made = await create({ fallback: last });
    const stranger = await openSettings({ url: p.url, key: Buffer.alloc(32, 8) });
    expect((await stranger.settings.refresh()).endpoints.get(made.id)).toMatchObject({
      fallback: last,
      unreadable: expect.any(String),
    });
    await stranger.close();
  });

  it.each(['no-such-id', '', "x' OR 1=1", 'a\0b', 'x'.repeat(65), 7])('may not be %j', async (fallback) => {
    const made = await create();
    expect(await errorsOf(p.endpoints.patch(made.id, { fallback }, null))).toContain('"path":"fallback"');
  });

  it('must be another endpoint of the same team, and the answer says what was found', async () => {
    await p.database.run((manager) => manager.query(`INSERT INTO teams (key, name) VALUES ('strangers', 'Strangers')`));
    const theirs = await p.endpoints.create(settings(), 'strangers');
    const made = await create();
    for (const over of [theirs.id, 'gone']) {
      const errors = await errorsOf(setFallback(made.id, over));
      expect(errors).toContain('must be null or the id of another endpoint of the team default');
      expect(errors).toContain(over);
      expect(await errorsOf(create({ fallback: over }))).toContain('"path":"fallback"');
    }
    expect(await errorsOf(setFallback(made.id, made.id))).toContain('not its own');
  });

  it('may not close a loop, whichever save would close it', async () => {
    const [a, b, c] = await Promise.all([create(), create(), create()]);
    await setFallback(a.id, b.id);
    expect(await errorsOf(setFallback(b.id, a.id))).toContain('"path":"fallback"');
    await setFallback(b.id, c.id);
    const errors = await errorsOf(setFallback(c.id, a.id));
    expect(errors).toContain([c, a, b, c].map(({ name }) => `\\"${name}\\"`).join(' → '));
    await setFallback(a.id, null);
    expect(await setFallback(c.id, a.id)).toMatchObject({ fallback: a.id });
  });

  it('may not close a loop by saves that come together', async () => {
    for (let round = 0; round < 5; round += 1) {
      const ring = await Promise.all([id(), id(), id()]);
      const saves = await Promise.allSettled(ring.map((from, i) => setFallback(from, ring[(i + 1) % 3] as string)));
      expect(saves.map((save) => save.status).sort()).toEqual(['fulfilled', 'fulfilled', 'rejected']);
    }
  });

  it('may not make a chain longer than five', async () => {
    let end = await id();
    const first = end;
    for (let hop = 1; hop <= 5; hop += 1) end = await id({ fallback: end });
    expect(await errorsOf(create({ fallback: end }))).toContain('a chain of 6 fallbacks, at most 5 are allowed');
    expect(await errorsOf(setFallback(first, await id()))).toContain('a chain of 6 fallbacks');
  });

  it('is not deleted while it is one, unless forced, which is a change of those that named it', async () => {
    const last = await create({ policies: ['fallback-del'] });
    const users = [await create({ fallback: last.id }), await create({ fallback: last.id })];
    const before = (await p.settings.refresh()).endpoints;
    const error = await p.endpoints.remove(last.id, null, false).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SettingsConflict);
    expect((error as SettingsConflict).facts).toEqual({
      policies: ['fallback-del'],
      endpoints: users.map(({ id: user, name }) => ({ id: user, name })).sort((a, b) => (a.name < b.name ? -1 : 1)),
    });
    for (const { name } of users) expect((error as SettingsConflict).message).toContain(name);
    await p.endpoints.remove(last.id, null, true);
    const { endpoints } = await p.settings.refresh();
    for (const { id: user, updatedAt } of users) {
      const shown = await p.endpoints.get(user, null);
      expect(shown.fallback).toBeNull();
      expect(Date.parse(shown.updatedAt)).toBeGreaterThanOrEqual(Date.parse(updatedAt));
      expect(endpoints.get(user)?.fallback).toBeNull();
      expect(endpoints.get(user)).not.toBe(before.get(user));
    }
  });

  it('may itself be deleted, regardless of its own fallback', async () => {
    const last = await id();
    const made = await id({ fallback: last });
    await p.endpoints.remove(made, null, false);
    await p.endpoints.remove(last, null, false);
  });
});

describe('deleting', () => {
  it('is refused while policies link to it, unless forced', async () => {
    const made = await create({ policies: ['del-a', 'del-b'] });
    const error = await p.endpoints.remove(made.id, null, false).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(SettingsConflict);
    expect((error as SettingsConflict).facts).toEqual({ policies: ['del-a', 'del-b'] });
    await p.endpoints.remove(made.id, null, true);
    await expect(p.endpoints.get(made.id, null)).rejects.toThrow(SettingsNotFound);
    expect((await p.policies.get('default', 'del-a')).endpoints).toEqual([]);
  });

  it.each(['no-such-id', '', "x' OR 1=1", 'a\0b', 'x'.repeat(5_000)])('finds nothing for the id %j', async (id) => {
    await expect(p.endpoints.get(id, null)).rejects.toThrow(SettingsNotFound);
    await expect(p.endpoints.patch(id, {}, null)).rejects.toThrow(SettingsNotFound);
    await expect(p.endpoints.remove(id, null, true)).rejects.toThrow(SettingsNotFound);
  });

  it("finds nothing of another team's", async () => {
    const made = await create();
    await expect(p.endpoints.get(made.id, 'other')).rejects.toThrow(SettingsNotFound);
    await expect(p.endpoints.patch(made.id, { name: 'mine' }, 'other')).rejects.toThrow(SettingsNotFound);
    await expect(p.endpoints.remove(made.id, 'other', true)).rejects.toThrow(SettingsNotFound);
  });
});

it('lists page by page', async () => {
  const made = await Promise.all([create(), create(), create()]);
  const ids: string[] = [];
  let after: string | undefined;
  do {
    const page = await p.endpoints.list(null, 2, after);
    ids.push(...page.items.map((item) => item.id));
    after = page.nextCursor === null ? undefined : page.items.at(-1)?.id;
  } while (after !== undefined);
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids).toEqual([...ids].sort());
  for (const { id } of made) expect(ids).toContain(id);
});
