import { describe, expect, it } from 'vitest';
import type { Declaration } from '#libs/settings';
import type { ResourceFixtures } from '../../../libs/settings/test/resource-fixtures.js';
import type { Answer, Api, Json } from '../api/open-api.js';

export interface ResourceDesk {
  api: Api;
  readonly declaration: Declaration;
  readonly fixtures: ResourceFixtures;
}

let bodies = 0;

/** The promises that every settings resource keeps, over HTTP and a real PostgreSQL. */
export function resourceSuite(desk: ResourceDesk): void {
  const { declaration, fixtures } = desk;
  const { name, key, fields, schemas } = declaration;
  const path = `/api/v1/${name}`;
  const keyName = key.at(-1) as string;
  const keyOf = (item: Json): string => item[keyName];
  const at = (item: Json): string => `${path}/${encodeURIComponent(keyOf(item))}`;
  const body = (over: object = {}) => {
    bodies += 1;
    return { ...fixtures.body(bodies), ...over };
  };
  const create = async (over: object = {}): Promise<Json> => {
    const answer = await desk.api.post(path, body(over));
    expect(answer, answer.text).toMatchObject({ status: 201 });
    return answer.json;
  };
  const named = (...access: string[]) =>
    Object.entries(fields).flatMap(([field, declared]) => (access.includes(declared.access) ? [field] : []));
  const refusals = (answer: Answer) => [answer.status, answer.json.errors];
  const version = () => desk.api.parts.settings.current()?.version as number;

  listing({ desk, path, keyName, create });

  it('is created, shown as its schema says, changed and deleted', async () => {
    const made = await create();
    expect(schemas.answer.safeParse(made).error).toBeUndefined();
    expect(Object.keys(made).sort()).toEqual(named('settable', 'immutable', 'readOnly').sort());
    expect((await desk.api.get(at(made))).json).toEqual(made);
    expect(await desk.api.delete(at(made))).toMatchObject({ status: 204, text: '' });
    expect((await desk.api.get(at(made))).status).toBe(404);
  });

  it('does not exist for another team', async () => {
    const theirs = await create({ team: 'others' });
    const asAdmin = desk.api.as('admin-key-of-team');
    for (const method of ['GET', 'PATCH', 'DELETE']) {
      const answer = await desk.api.send(method as 'GET', at(theirs), method === 'PATCH' ? {} : undefined, asAdmin);
      expect([method, answer.status]).toEqual([method, 404]);
    }
    const { items } = (await desk.api.get(`${path}?limit=200`, asAdmin)).json;
    expect(items.map(keyOf)).not.toContain(keyOf(theirs));
    expect((await desk.api.get(`${path}?team=others`, asAdmin)).status).toBe(404);
    expect((await desk.api.post(path, body({ team: 'others' }), asAdmin)).status).toBe(404);
    expect((await desk.api.get(`${path}?team=others`)).json.items.map(keyOf)).toEqual([keyOf(theirs)]);
  });

  it('is refused for a team that does not exist', async () => {
    expect(refusals(await desk.api.post(path, body({ team: 'nobody' })))).toMatchObject([400, [{ path: 'team' }]]);
  });

  const distinct = declaration.unique ?? (key[0] === 'team' ? keyName : undefined);
  it.runIf(distinct)('answers 409 to a second one of the same name or key', async () => {
    const made = await create();
    const twice = await desk.api.post(path, body({ [distinct as string]: made[distinct as string] }));
    expect(twice).toMatchObject({ status: 409, json: { detail: expect.stringContaining(made[distinct as string]) } });
  });

  it('names a field that it does not know', async () => {
    const unknown = [400, [{ path: 'nope', message: 'is not a known field' }]];
    expect(refusals(await desk.api.post(path, body({ nope: 1 })))).toEqual(unknown);
    const made = await create();
    expect(refusals(await desk.api.patch(at(made), { nope: 1 }))).toEqual(unknown);
    expect(refusals(await desk.api.patch(at(made), { nope: null }))).toEqual(unknown);
  });

  it('puts each default back for null', async () => {
    const made = await create();
    const making = {
      other: keyOf(await create()),
      create: async (resource: string, sent: Json) => (await desk.api.post(`/api/v1/${resource}`, sent)).json,
    };
    const changes = await fixtures.changes(making);
    const withDefault = named('settable').filter((field) => fields[field]?.schema.safeParse(undefined).success);
    expect(Object.keys(changes).sort()).toEqual(withDefault.sort());
    const changed = await desk.api.patch(at(made), changes);
    expect(changed).toMatchObject({ status: 200, json: changes });
    for (const field of withDefault) expect([field, changed.json[field]]).not.toEqual([field, made[field]]);
    const nulls = Object.fromEntries(withDefault.map((field) => [field, null]));
    const { updatedAt, ...restored } = (await desk.api.patch(at(made), nulls)).json;
    expect({ ...restored, updatedAt: made.updatedAt }).toEqual(made);
    expect(Date.parse(updatedAt)).toBeGreaterThanOrEqual(Date.parse(made.updatedAt));
  });

  it('takes its own answer back, and refuses other values of fields that cannot be changed', async () => {
    const made = await create();
    const sentBack = await desk.api.patch(at(made), made);
    expect(sentBack).toMatchObject({ status: 200, json: { ...made, updatedAt: expect.any(String) } });
    for (const field of named('readOnly', 'immutable')) {
      const other = typeof made[field] === 'number' ? made[field] + 1 : `${made[field]}x`;
      expect(refusals(await desk.api.patch(at(made), { [field]: other }))).toEqual([
        400,
        [{ path: field, message: 'cannot be changed' }],
      ]);
    }
    for (const field of named('readOnly', 'internal'))
      expect(refusals(await desk.api.post(path, body({ [field]: made[field] ?? 1 })))).toMatchObject([
        400,
        [{ path: field }],
      ]);
  });

  it('raises the version of the settings with each change, and with no refused one', async () => {
    await desk.api.parts.settings.refresh();
    const versions = [version()];
    const made = await create();
    versions.push(version());
    await desk.api.patch(at(made), {});
    versions.push(version());
    await desk.api.delete(at(made));
    versions.push(version());
    expect(versions).toEqual([...new Set(versions)].sort((a, b) => a - b));
    await desk.api.post(path, body({ nope: 1 }));
    await desk.api.patch(at(made), {});
    await desk.api.parts.settings.refresh();
    expect(version()).toBe(versions.at(-1));
  });

  it('is read by viewers and changed by administrators', async () => {
    const made = await create();
    const viewer = desk.api.as('viewer-key');
    expect((await desk.api.get(at(made), viewer)).status).toBe(200);
    expect((await desk.api.patch(at(made), {}, viewer)).status).toBe(403);
    expect((await desk.api.post(path, body(), desk.api.as('member-key'))).status).toBe(403);
    expect((await desk.api.delete(at(made), viewer)).status).toBe(403);
    expect((await desk.api.get(path, desk.api.as('ingest-key'))).status).toBe(403);
    expect((await desk.api.patch(at(made), {}, desk.api.as('admin-key-of-team'))).status).toBe(200);
  });

  it.runIf(fixtures.secrets)('shows no secret, stores none in clear, and keeps one for its mask', async () => {
    const made = await create();
    await desk.api.patch(at(made), made);
    const rows = async () => JSON.stringify(await desk.api.parts.database.run((m) => m.query(`SELECT * FROM ${name}`)));
    const texts = [JSON.stringify(made), (await desk.api.get(path)).text, await rows()];
    for (const secret of fixtures.secrets ?? []) for (const text of texts) expect(text).not.toContain(secret);
    expect(texts[0]).toContain('********');
  });

  it('is described in the OpenAPI document by the schemas that check it', async () => {
    const { paths } = (await desk.api.get('/openapi.json')).json;
    expect(Object.keys(paths[path])).toEqual(['get', 'post']);
    expect(Object.keys(paths[`${path}/{${keyName}}`])).toEqual(['get', 'patch', 'delete']);
    const { id } = schemas.create.meta() as { id: string };
    expect(JSON.stringify(paths[path].post.requestBody)).toContain(`#/components/schemas/${id}`);
  });
}

interface Listing {
  desk: ResourceDesk;
  path: string;
  keyName: string;
  create(over?: object): Promise<Json>;
}

/** Reads every page of a list. */
async function pages(api: Api, path: string, limit: number): Promise<Json[][]> {
  const all: Json[][] = [];
  let cursor: string | null = null;
  do {
    const { json }: Answer = await api.get(`${path}?limit=${limit}${cursor === null ? '' : `&cursor=${cursor}`}`);
    all.push(json.items);
    cursor = json.nextCursor;
  } while (cursor !== null);
  return all;
}

function listing({ desk, path, keyName, create }: Listing): void {
  describe('its list', () => {
    it('gives each once, page by page', async () => {
      const made: Json[] = [];
      for (let i = 0; i < 5; i += 1) made.push(await create());
      const read = await pages(desk.api, path, 2);
      for (const page of read) expect(page.length).toBeLessThanOrEqual(2);
      const keys = read.flat().map((item) => item[keyName]);
      expect(new Set(keys).size).toBe(keys.length);
      expect(keys).toEqual(expect.arrayContaining(made.map((item) => item[keyName])));
      expect(read.flat().find((item) => item[keyName] === made[0][keyName])).toEqual(made[0]);
    });

    it.each(['limit=0', 'limit=201', 'cursor=abc', 'cursor=WyIxIiwiMiIsIjMiXQ', 'nope=1'])(
      'refuses ?%s and names the parameter',
      async (query) => {
        const answer = await desk.api.get(`${path}?${query}`);
        expect([answer.status, answer.json.errors[0].path]).toEqual([400, query.split('=')[0]]);
      },
    );
  });
}
