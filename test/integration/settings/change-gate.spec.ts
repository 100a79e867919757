import { afterAll, beforeAll, expect, it } from 'vitest';
import type { Actor, Changed, ChangeRecorder } from '#libs/settings';
import { endpointDeclaration } from '#libs/settings/endpoints';
import { type OpenSettings, openSettings } from './open-settings.js';

const ANNA: Actor = { kind: 'key', name: 'anna', role: 'team-admin', team: 'default' };
const recorded: (Changed & { actor: Actor; at: Date })[] = [];
let failing = false;
const recorder: ChangeRecorder = async (_manager, change) => {
  if (failing) throw new Error('no room for the record');
  recorded.push(change);
};

let p: OpenSettings;
beforeAll(async () => {
  p = await openSettings({ recorder });
});
afterAll(() => p.close());

const body = (name: string) =>
  endpointDeclaration.schemas.create.parse({ name, channel: 'http', config: { url: 'https://x' }, policies: ['cpu'] });
const acts = () => recorded.splice(0).map(({ act, resource, actor }) => [act, resource, actor]);

it('reports each change with its author, and the changes that follow from it', async () => {
  const endpoints = p.stores.get('endpoints');
  const { id } = await endpoints.create(ANNA, body('one'), 'default');
  expect(acts()).toEqual([
    ['create', 'policies', ANNA],
    ['create', 'endpoints', ANNA],
  ]);
  await endpoints.patch(ANNA, { key: id, team: null }, { enabled: false });
  expect(acts()).toEqual([['change', 'endpoints', ANNA]]);
  await endpoints.remove(ANNA, { key: id, team: null }, { force: 'true' });
  expect(acts()).toEqual([
    ['change', 'policies', ANNA],
    ['delete', 'endpoints', ANNA],
  ]);
});

it('commits no change whose record fails, and reports no change that is refused', async () => {
  const endpoints = p.stores.get('endpoints');
  failing = true;
  await expect(endpoints.create(ANNA, body('unrecorded'), 'default')).rejects.toThrow('no room');
  failing = false;
  await endpoints.create(ANNA, body('recorded'), 'default');
  recorded.splice(0);
  await expect(endpoints.create(ANNA, body('recorded'), 'default')).rejects.toThrow('already has an endpoint');
  expect(acts()).toEqual([]);
  const { items } = await endpoints.list(null, { limit: 200 });
  expect(items.map(({ name }) => name)).not.toContain('unrecorded');
});

it('does not compile without an author', () => {
  const endpoints = p.stores.get('endpoints');
  const compiled = [
    // @ts-expect-error the author is missing
    () => endpoints.create(body('nobody'), 'default'),
    // @ts-expect-error the author is missing
    () => endpoints.patch({ key: 'x', team: null }, {}),
    // @ts-expect-error the author is missing
    () => endpoints.remove({ key: 'x', team: null }),
  ];
  expect(compiled).toHaveLength(3);
});
