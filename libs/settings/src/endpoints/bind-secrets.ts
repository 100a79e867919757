import type { EntityManager } from 'typeorm';
import { createDataSource } from '#libs/persistence';
import { openChange } from '../changes/index.js';
import type { ChannelKinds } from '../kinds/channel-kinds.js';
import { bindSecretsOf, type SecretBox } from '../secrets/index.js';
import { EndpointEntity } from './endpoint.entity.js';

export interface BindDeps {
  kinds: ChannelKinds;
  box: SecretBox;
  /** Opens a secret that an earlier version sealed; undefined for one that this version sealed. */
  openUnbound(sealed: string): string | undefined;
}

/** The number of endpoints that were changed, and the ids of those that could not be read: their config must be sent again. */
export interface Bound {
  bound: number;
  unreadable: string[];
}

/**
 * Seals again the secrets that an earlier version sealed without binding them to their row and field. It runs once for
 * a database, in the transaction that records this: run again, it would bind secrets that somebody copied to a row.
 */
export async function bindSecrets(url: string, deps: BindDeps): Promise<Bound> {
  const entities = [EndpointEntity];
  const source = await createDataSource(url, { applicationName: 'tocsin-migrate', poolSize: 1, entities }).initialize();
  try {
    return await source.transaction((manager) => bindAll(manager, deps));
  } finally {
    await source.destroy();
  }
}

async function bindAll(manager: EntityManager, { kinds, box, openUnbound }: BindDeps): Promise<Bound> {
  const result: Bound = { bound: 0, unreadable: [] };
  const [unbound] = await manager.query<[unknown[], number]>(
    'UPDATE settings_version SET secrets_bound = true WHERE NOT secrets_bound RETURNING version',
  );
  if (unbound.length === 0) return result;
  const change = await openChange(manager, {}, { kind: 'command', name: 'migrate' });
  for (const { id, team, channel, config: stored } of await manager.find(EndpointEntity)) {
    const schema = kinds.find(channel)?.config;
    try {
      const owner = { noun: 'endpoint', id, unnamed: 'config' };
      const bound = schema && bindSecretsOf({ config: stored }, { config: schema }, owner, { box, openUnbound });
      if (!bound) continue;
      await manager.update(EndpointEntity, { id }, { config: bound.config as object, changedIn: change.version });
      await change.record({ act: 'seal', resource: 'endpoints', id, team });
      result.bound += 1;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'SecretBoxError')) throw error;
      result.unreadable.push(id);
    }
  }
  return result;
}
