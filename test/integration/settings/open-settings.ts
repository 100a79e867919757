import { type Channel, channels } from '#libs/channels';
import { Database, type Log, migrate } from '#libs/persistence';
import { createSecretBox } from '#libs/security';
import {
  type Actor,
  type ChangeRecorder,
  createChannelKinds,
  createSettings,
  ENTITIES,
  SettingsStores,
  type TemplateCheck,
} from '#libs/settings';
import type { EndpointCreate } from '#libs/settings/endpoints';
import type { PolicyCreate } from '#libs/settings/policies';
import { createDatabase } from '../../support/index.js';

export interface LogLine {
  fields: object;
  message: string;
}

/** The author of changes in tests. */
export const ACTOR: Actor = { kind: 'key', name: 'test', role: 'platform-admin', team: null };

export const checkTemplate: TemplateCheck = (source) =>
  source.includes('{{{') ? 'line 1, column 1: too many braces' : undefined;

type Json = Record<string, unknown>;

/** Endpoints as tests use them; each change is made by {@link ACTOR}. */
function endpointsIn(stores: SettingsStores) {
  const store = stores.get('endpoints');
  return {
    create: (body: EndpointCreate, team: string) => store.create(ACTOR, body, team),
    get: (key: string, team: string | null) => store.get({ key, team }),
    list: (team: string | null, limit: number, after?: string) =>
      store.list(team, { limit, ...(after !== undefined && { after: [after] }) }),
    patch: (key: string, patch: Json, team: string | null) => store.patch(ACTOR, { key, team }, patch),
    clone: (key: string, changes: Json, team: string | null) => store.copy(ACTOR, { key, team }, changes),
    remove: (key: string, team: string | null, force: boolean) =>
      store.remove(ACTOR, { key, team }, { force: String(force) }),
  };
}

/** Policies as tests use them. */
function policiesIn(stores: SettingsStores) {
  const store = stores.get('policies');
  return {
    create: (body: PolicyCreate, team: string) => store.create(ACTOR, body, team),
    get: (team: string, key: string) => store.get({ key, team }),
    list: (team: string | null, filters: Json, limit: number, after?: readonly string[]) =>
      store.list(team, { limit, filters, ...(after && { after }) }),
    patch: (team: string, key: string, patch: Json) => store.patch(ACTOR, { key, team }, patch),
    remove: (team: string, key: string) => store.remove(ACTOR, { key, team }),
  };
}

/** The settings and their stores over a database of its own. */
export async function openSettings({
  key = Buffer.alloc(32, 7),
  url = undefined as string | undefined,
  madeUp = [] as Channel[],
  recorder = undefined as ChangeRecorder | undefined,
} = {}) {
  const databaseUrl = url ?? (await createDatabase());
  await migrate(databaseUrl);
  const lines: LogLine[] = [];
  const say = (fields: object, message: string) => lines.push({ fields, message });
  const log: Log = { info: say, warn: say, error: say };
  const database = new Database(databaseUrl, log, { entities: ENTITIES });
  database.start();
  const kinds = createChannelKinds([...channels, ...madeUp], {});
  const box = createSecretBox(key);
  const stores = new SettingsStores({ database, kinds, box, checkTemplate, ...(recorder && { recorder }) });
  const settings = createSettings({ database, kinds, box, log });
  return {
    url: databaseUrl,
    database,
    stores,
    endpoints: endpointsIn(stores),
    policies: policiesIn(stores),
    settings,
    kinds,
    log,
    lines,
    async close() {
      settings.stop();
      await database.stop();
    },
  };
}

export type OpenSettings = Awaited<ReturnType<typeof openSettings>>;
