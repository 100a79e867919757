import type { EntityManager } from 'typeorm';
import type { Settings } from '#libs/contracts';
import { SettingsVersionEntity } from '../tables/settings-version.entity.js';

export type Part = (manager: EntityManager) => Promise<Partial<Settings>>;

export async function readVersion(manager: EntityManager): Promise<number> {
  const row = await manager.findOneByOrFail(SettingsVersionEntity, {});
  return row.version;
}

/** All settings of one moment, of the part of each resource; call it in a transaction that sees one. */
export async function loadSettings(manager: EntityManager, parts: readonly Part[]): Promise<Settings> {
  const settings: Partial<Settings> = { version: await readVersion(manager) };
  for (const part of parts) Object.assign(settings, await part(manager));
  return settings as Settings;
}
