import type { EntityManager } from 'typeorm';
import { fieldError } from '#libs/validation';
import type { Database } from '../database/database.js';
import { TeamEntity } from '../entities/index.js';
import { InvalidSettings } from './settings-errors.js';

/**
 * Runs a change of settings. It holds the row of the version from its first statement on, so changes happen one after
 * the other: what a change read is still so when it writes, and versions grow in the order of commits.
 */
export function changeSettings<T>(
  database: Database,
  change: (manager: EntityManager, version: number) => Promise<T>,
): Promise<T> {
  return database.transaction(async (manager) => {
    const [rows] = await manager.query<[{ version: string }[], number]>(
      'UPDATE settings_version SET version = version + 1 RETURNING version',
    );
    return change(manager, Number(rows[0]?.version));
  });
}

/** @throws InvalidSettings where no such team is there */
export async function requireTeam(manager: EntityManager, key: string): Promise<void> {
  if (await manager.existsBy(TeamEntity, { key })) return;
  throw new InvalidSettings([fieldError(['team'], 'names no team that is there')]);
}
