import type { EntityManager } from 'typeorm';
import { createDataSource } from '../database/data-source.js';
import { EndpointEntity } from '../entities/index.js';
import type { ChannelKinds } from './channel-kinds.js';
import { bindConfig, type SecretBox } from './sealed-config.js';

export interface BindParts {
  kinds: ChannelKinds;
  box: SecretBox;
  /** Opens what an earlier version sealed; nothing where this one did. */
  openUnbound(sealed: string): string | undefined;
}

/** How many endpoints were changed, and which could not be read: those wait for their config to be sent again. */
export interface Bound {
  bound: number;
  unreadable: string[];
}

/**
 * Seals anew what an earlier version sealed without binding it to its row and field. Done once for a database, in the
 * transaction that notes it: done again and again, it would bind whatever somebody copies there.
 */
export async function bindSecrets(url: string, parts: BindParts): Promise<Bound> {
  const source = await createDataSource(url, { applicationName: 'tocsin-migrate', poolSize: 1 }).initialize();
  try {
    return await source.transaction((manager) => bindAll(manager, parts));
  } finally {
    await source.destroy();
  }
}

async function bindAll(manager: EntityManager, { kinds, box, openUnbound }: BindParts): Promise<Bound> {
  const result: Bound = { bound: 0, unreadable: [] };
  const [rows] = await manager.query<[{ version: string }[], number]>(
    'UPDATE settings_version SET version = version + 1, secrets_bound = true WHERE NOT secrets_bound RETURNING version',
  );
  const changedIn = Number(rows[0]?.version);
  if (rows.length === 0) return result;
  for (const { id, channel, config: stored } of await manager.find(EndpointEntity)) {
    const schema = kinds.find(channel)?.config;
    try {
      const config = schema && bindConfig({ endpointId: id, schema, config: stored }, { box, openUnbound });
      if (!config) continue;
      await manager.update(EndpointEntity, { id }, { config: config as object, changedIn });
      result.bound += 1;
    } catch (error) {
      if (!(error instanceof Error && error.name === 'SecretBoxError')) throw error;
      result.unreadable.push(id);
    }
  }
  return result;
}
