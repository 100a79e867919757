import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { InvalidSettings } from '#libs/settings';
import { endpointDeclaration } from '#libs/settings/endpoints';
import { type OpenSettings, openSettings } from './open-settings.js';

const MASK = '********';
type Json = Record<string, unknown>;

let settings: OpenSettings;
let names = 0;
beforeAll(async () => {
  settings = await openSettings();
});
afterAll(() => settings.close());

const create = (channel: string, config: Json) => {
  names += 1;
  return settings.endpoints.create(
    endpointDeclaration.schemas.create.parse({ name: `e${names}`, channel, config }),
    'default',
  );
};
const stored = async (id: string) => (await settings.settings.refresh()).endpoints.get(id)?.config;

/** The fields that a change or a test of other settings must give again. */
async function refused(work: Promise<unknown>): Promise<string[]> {
  const error = await work.catch((thrown: unknown) => thrown);
  expect(error).toBeInstanceOf(InvalidSettings);
  const { errors } = error as InvalidSettings;
  for (const { message } of errors) expect(message).toMatch(/^must be sent again: config\.\S+ changes the destination/);
  return errors.map(({ path }) => path).sort();
}

const HTTP = {
  url: 'https://a.example/x',
  headers: { 'X-Key': 'k-12345678', accept: 'text/plain' },
  signingSecret: `whsec_${Buffer.alloc(24, 7).toString('base64')}`,
};
const ALL = ['config.headers.X-Key', 'config.signingSecret'];

describe('a stored secret', () => {
  it('does not follow a changed destination, whether it is masked or left out', async () => {
    const { id, config } = await create('http', HTTP);
    const patch = (change: Json) => settings.endpoints.patch(id, { config: change }, null);
    const url = 'https://attacker.example/x';
    expect(await refused(patch({ url }))).toEqual(ALL);
    expect(await refused(patch({ ...config, url }))).toEqual(ALL);
    expect(await refused(patch({ url, headers: { 'x-key': MASK } }))).toEqual(ALL);
    expect(await refused(patch({ url, headers: { 'X-Key': 'mine-12345' } }))).toEqual(['config.signingSecret']);
    expect(await refused(patch({ url, signingSecret: null }))).toEqual(['config.headers.X-Key']);
    expect(await stored(id)).toMatchObject(HTTP);
  });

  it('is kept by another path, and replaced or removed with another host', async () => {
    const { id } = await create('http', HTTP);
    const patch = (change: Json) => settings.endpoints.patch(id, { config: change }, null);
    await patch({ url: 'https://A.example:443/{{ policy }}?v=2' });
    expect(await stored(id)).toMatchObject({ headers: HTTP.headers, signingSecret: HTTP.signingSecret });
    await patch({ url: 'https://b.example/', headers: { 'X-Key': 'new-12345678' }, signingSecret: null });
    expect((await stored(id))?.headers).toEqual({ ...HTTP.headers, 'X-Key': 'new-12345678' });
    expect(await stored(id)).not.toHaveProperty('signingSecret');
  });

  it('of a robot stays with the address of this robot alone', async () => {
    const robot = (name: string) => ({
      id: name,
      webhookUrl: `https://h.example/${name}`,
      secret: `secret-of-${name}`,
    });
    const { id } = await create('feishu', { robots: [robot('a'), robot('b')] });
    const patch = (...robots: Json[]) => settings.endpoints.patch(id, { config: { robots } }, null);
    const moved = { id: 'a', webhookUrl: 'https://attacker.example/', secret: MASK };
    expect(await refused(patch({ id: 'b', webhookUrl: MASK, secret: MASK }, moved))).toEqual([
      'config.robots.1.secret',
    ]);
    await patch({ ...moved, secret: 'given-again' }, { id: 'b', webhookUrl: MASK, secret: MASK });
    expect(await stored(id)).toMatchObject({ robots: [{ ...moved, secret: 'given-again' }, robot('b')] });
  });

  it('does not follow a mail server that is removed or no longer encrypts', async () => {
    const login = { username: 'u', password: 'hunter22' };
    const { id } = await create('email', {
      to: ['a@example.org'],
      from: 'b@example.org',
      host: 'mail.example.org',
      ...login,
    });
    const patch = (change: Json) => settings.endpoints.patch(id, { config: change }, null);
    expect(await refused(patch({ security: 'none' }))).toEqual(['config.password']);
    expect(await refused(patch({ host: 'attacker.example' }))).toEqual(['config.password']);
    await expect(patch({ host: null })).rejects.toMatchObject({
      errors: expect.arrayContaining([{ path: 'config.password', message: expect.stringContaining('sent again') }]),
    });
    await patch({ security: 'tls' });
    expect(await stored(id)).toMatchObject({ security: 'tls', ...login });
  });

  it('is not sent elsewhere by a test of other settings', async () => {
    const { id, config } = await create('http', HTTP);
    const like = { key: id, team: null };
    const test = (change: Json) =>
      settings.stores.get('endpoints').check(
        endpointDeclaration.schemas.settings.parse({
          name: 'test',
          channel: 'http',
          config: { ...config, ...change },
        }) as never,
        like,
      );
    expect(await refused(test({ url: 'https://attacker.example/' }))).toEqual(ALL);
    expect(await refused(test({ url: 'http://a.example/' }))).toEqual(ALL);
    expect(await test({ url: 'https://a.example/other' })).toMatchObject({ config: { headers: HTTP.headers } });
  });
});
