import { type EntityManager, In, IsNull, Not } from 'typeorm';
import { fieldError } from '#libs/validation';
import { InvalidSettings, isId, type SettingsChange } from '../changes/index.js';
import { EndpointEntity } from './endpoint.entity.js';
import { type FallbackLink, whyNoFallback } from './fallback-chain.js';

const NOT_SAVED = 'this endpoint';

/**
 * Checks a fallback that is about to be stored. Call it within a change of settings: changes run one after the other, so
 * the last of several that together close a loop finds the others. @throws InvalidSettings
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

/** Removes an endpoint from all endpoints whose fallback it is, which changes each of them. */
export async function clearFallback(
  { manager, version, now }: SettingsChange,
  { id, team }: { id: string; team: string },
): Promise<void> {
  await manager.update(EndpointEntity, { team, fallback: id }, { fallback: null, changedIn: version, updatedAt: now });
}

function refused(why: string): InvalidSettings {
  return new InvalidSettings([fieldError(['fallback'], why)]);
}
