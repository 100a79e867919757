import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { channelByType } from '#libs/channels';
import { createSecretBox, createUnboundOpener } from '#libs/security';
import { bindSecrets, InvalidSettings } from '#libs/settings';
import { endpointDeclaration } from '#libs/settings/endpoints';
import { type OpenSettings, openSettings } from './open-settings.js';

const KEY = Buffer.alloc(32, 7);
const http = channelByType('http');
if (!http) throw new Error('there is no channel http');
const secret = z.string().meta({ writeOnly: true });
/** As channels with robots have it. */
const robots = {
  ...http,
  type: 'robots',
  config: z.strictObject({
    password: secret.optional(),
    robots: z.array(
      z.strictObject({ id: z.string().optional(), webhookUrl: secret, keywords: z.array(z.string()).optional() }),
    ),
  }),
};

let p: OpenSettings;
let names = 0;
beforeAll(async () => {
  p = await openSettings({ key: KEY, madeUp: [robots] });
});
afterAll(() => p.close());

const create = (config: Record<string, unknown>) => {
  names += 1;
  return p.endpoints.create(
    endpointDeclaration.schemas.create.parse({ name: `r${names}`, channel: 'robots', config }),
    'default',
  );
};
const query = (sql: string, args: unknown[] = []) => p.database.run((manager) => manager.query(sql, args));
const storedConfig = async (id: string) =>
  (await query('SELECT config FROM endpoints WHERE id = $1', [id]))[0].config as {
    password: string;
    robots: { id: string; webhookUrl: string }[];
  };
const store = (id: string, config: unknown) =>
  query('UPDATE endpoints SET config = $2, changed_in = changed_in + 1 WHERE id = $1', [id, JSON.stringify(config)]);
/** As deliveries see it, by a process that has only begun. */
async function usable(id: string) {
  const fresh = await openSettings({ key: KEY, url: p.url, madeUp: [robots] });
  const endpoint = (await fresh.settings.refresh()).endpoints.get(id);
  await fresh.close();
  return endpoint;
}
async function errorsOf(work: Promise<unknown>): Promise<unknown> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidSettings);
  return (error as InvalidSettings).errors;
}

describe('a sealed value', () => {
  it('opens in its own row and field alone', async () => {
    const one = await create({ password: 'p1', robots: [{ id: 'a', webhookUrl: 'w1' }] });
    const other = await create({ password: 'p2', robots: [{ id: 'a', webhookUrl: 'w2' }] });
    expect((await usable(one.id))?.config).toMatchObject({ password: 'p1', robots: [{ webhookUrl: 'w1' }] });
    const sealed = await storedConfig(one.id);

    await store(other.id, sealed);
    expect((await usable(other.id))?.unreadable).toContain('another place');
    const [robot] = sealed.robots;
    await store(one.id, { ...sealed, password: robot?.webhookUrl });
    expect((await usable(one.id))?.unreadable).toContain('another place');
    await store(one.id, { ...sealed, robots: [{ ...robot, id: 'b' }] });
    expect((await usable(one.id))?.unreadable).toContain('another place');
  });

  it('is sealed again for a clone', async () => {
    const made = await create({ password: 'p', robots: [{ webhookUrl: 'w' }] });
    const copy = await p.endpoints.clone(made.id, { policies: [] }, null);
    expect(copy.config).toEqual(made.config);
    expect((await usable(copy.id))?.config).toEqual((await usable(made.id))?.config);
    expect(await storedConfig(copy.id)).not.toEqual(await storedConfig(made.id));
  });

  it('that cannot be opened is not cloned', async () => {
    const made = await create({ password: 'p', robots: [] });
    const stranger = await openSettings({ url: p.url, key: Buffer.alloc(32, 8), madeUp: [robots] });
    await expect(stranger.endpoints.clone(made.id, { policies: [] }, null)).rejects.toThrow('decrypted');
    await stranger.close();
  });
});

describe('elements of a list', () => {
  it('get ids when saved, by which a mask means their secret wherever they stand', async () => {
    const made = await create({ robots: [{ webhookUrl: 'w1' }, { id: 'mine', webhookUrl: 'w2' }] });
    const [first, second] = made.config.robots as { id: string }[];
    expect(first).toEqual({ id: expect.stringMatching(/^[\w-]{1,64}$/), webhookUrl: '********' });
    expect(second).toEqual({ id: 'mine', webhookUrl: '********' });
    const changed = await p.endpoints.patch(
      made.id,
      { config: { robots: [second, { webhookUrl: 'w3' }, { ...first, keywords: ['k'] }] } },
      null,
    );
    const ids = (changed.config.robots as { id: string }[]).map(({ id }) => id);
    expect(ids).toEqual(['mine', expect.stringMatching(/^[\w-]{1,64}$/), first?.id]);
    expect((await usable(made.id))?.config).toMatchObject({
      robots: [{ webhookUrl: 'w2' }, { webhookUrl: 'w3' }, { webhookUrl: 'w1', keywords: ['k'] }],
    });
  });

  it('are refused with an id that another one has, or a mask for which nothing is stored', async () => {
    const made = await create({ robots: [{ id: 'a', webhookUrl: 'w1' }] });
    const patch = (...list: object[]) => errorsOf(p.endpoints.patch(made.id, { config: { robots: list } }, null));
    const masked = { webhookUrl: '********' };
    expect(await patch({ id: 'a', ...masked }, { id: 'a', webhookUrl: 'w2' })).toEqual([
      { path: 'config.robots.1.id', message: 'must be unlike those of the other elements, and "a" is not' },
    ]);
    for (const list of [[{ id: 'b', ...masked }], [masked], [{ id: '0', ...masked }]]) {
      expect(await patch(...list)).toEqual([
        { path: 'config.robots.0.webhookUrl', message: expect.stringContaining('known by their id') },
      ]);
    }
  });
});

describe('what an earlier version sealed', () => {
  // With a key of zeros, by the first version.
  const UNBOUND = 'v1:3321e25c:dL4bErlQz10xufQeCP-ICXK3VvS-IGwlL5R9SUelPvYk0NK_Cl1SG0M_1a6aKeVlVq0fME5pbrI';
  const zeros = Buffer.alloc(32);
  let old: OpenSettings;
  const bind = (key = zeros) =>
    bindSecrets(old.url, { kinds: old.kinds, box: createSecretBox(key), openUnbound: createUnboundOpener(key) });
  const password = async (id: string) => {
    const fresh = await openSettings({ key: zeros, url: old.url, madeUp: [robots] });
    const endpoint = (await fresh.settings.refresh()).endpoints.get(id);
    await fresh.close();
    return endpoint?.unreadable ?? endpoint?.config.password;
  };
  const add = async (name: string, config: object) => {
    const made = await old.endpoints.create(
      endpointDeclaration.schemas.create.parse({ name, channel: 'robots', config: { robots: [] } }),
      'default',
    );
    await old.database.run((manager) =>
      manager.query('UPDATE endpoints SET config = $2, changed_in = changed_in + 1 WHERE id = $1', [
        made.id,
        JSON.stringify({ robots: [], ...config }),
      ]),
    );
    return made.id;
  };
  beforeEach(async () => {
    old = await openSettings({ key: zeros, madeUp: [robots] });
    return () => old.close();
  });

  it('is bound to its place once, for processes that run to notice', async () => {
    const id = await add('old', { password: UNBOUND });
    expect(await password(id)).toContain('form');
    const before = await old.settings.refresh();
    expect(await bind()).toEqual({ bound: 1, unreadable: [] });
    expect((await old.settings.refresh()).version).toBeGreaterThan(before.version);
    expect(await password(id)).toBe('kept since the first version');
  });

  it('is refused from then on, so that no old copy opens elsewhere', async () => {
    await bind();
    const id = await add('attacked', { password: UNBOUND });
    expect(await bind()).toEqual({ bound: 0, unreadable: [] });
    expect(await password(id)).toContain('form');
  });

  it('with another key is left as it was, and named', async () => {
    const id = await add('other key', { password: UNBOUND });
    expect(await bind(Buffer.alloc(32, 1))).toEqual({ bound: 0, unreadable: [id] });
  });
});
