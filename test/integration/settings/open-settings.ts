import { type Channel, channels } from '#libs/channels';
import {
  createChannelKinds,
  Database,
  EndpointStore,
  type Log,
  migrate,
  PolicyStore,
  PostgresSettings,
  type TemplateCheck,
} from '#libs/persistence';
import { createSecretBox } from '#libs/security';
import { createDatabase } from '../../support/index.js';

export interface LogLine {
  fields: object;
  message: string;
}

export const checkTemplate: TemplateCheck = (source) =>
  source.includes('{{{') ? 'line 1, column 1: too many braces' : undefined;

/** Everything over a database of its own. */
export async function openPersistence({
  key = Buffer.alloc(32, 7),
  url = undefined as string | undefined,
  madeUp = [] as Channel[],
} = {}) {
  const databaseUrl = url ?? (await createDatabase());
  await migrate(databaseUrl);
  const lines: LogLine[] = [];
  const say = (fields: object, message: string) => lines.push({ fields, message });
  const log: Log = { info: say, warn: say, error: say };
  const database = new Database(databaseUrl, log);
  database.start();
  const kinds = createChannelKinds([...channels, ...madeUp], {});
  const box = createSecretBox(key);
  const endpoints = new EndpointStore({ database, kinds, box, checkTemplate });
  const policies = new PolicyStore(database);
  const settings = new PostgresSettings({ database, kinds, box, log });
  return {
    url: databaseUrl,
    database,
    endpoints,
    policies,
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

export type Persistence = Awaited<ReturnType<typeof openPersistence>>;
