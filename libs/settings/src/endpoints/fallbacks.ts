import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { fieldError } from '#libs/validation';
import { EndpointEntity } from '../entities/index.js';
import { isId } from '../settings/ids.js';
import { InvalidSettings } from '../settings/settings-errors.js';
import { type FallbackLink, whyNoFallback } from './fallback-chain.js';

const NOT_SAVED = 'this endpoint';

/**
 * Checks a fallback that is about to be stored. Call it in the transaction of a change of settings: those happen one
 * after the other, and so the last of several that together would close a loop finds the others. @throws InvalidSettings
 */
export async function requireFallback(
  manager: EntityManager,
  { id, team, fallback }: { id: string; team: string; fallback: string },
): Promise<void> {
  const there = isId(fallback) && (await manager.existsBy(EndpointEntity, { id: fallback, team }));
  if (!there) {
    throw refused(`must be null or the id of another endpoint of the team ${team}, not ${JSON.stringify(fallback)}`);
  }
  if (fallback === id) throw refused(`must be null or the id of another endpoint of the team ${team}, not its own`);
  const rows = await manager.find(EndpointEntity, {
    select: { id: true, name: true, fallback: true },
    where: [
      { team, fallback: Not(IsNull()) },
      { team, id: In([id, fallback]) },
    ],
  });
  const names = new Map(rows.map((row) => [row.id, row.name]));
  const links = rows.filter((row): row is typeof row & FallbackLink => row.fallback !== null);
  const why = whyNoFallback({ id, fallback }, links, (one) => JSON.stringify(names.get(one) ?? NOT_SAVED));
  if (why !== undefined) throw refused(why);
}

/** Takes an endpoint away from all whose fallback it is, which is a change of each of them. */
export async function clearFallback(
  manager: EntityManager,
  { id, team }: { id: string; team: string },
  change: { version: number; now: Date },
): Promise<void> {
  const { version, now } = change;
  await manager.update(EndpointEntity, { team, fallback: id }, { fallback: null, changedIn: version, updatedAt: now });
}

function refused(why: string): InvalidSettings {
  return new InvalidSettings([fieldError(['fallback'], why)]);
}
