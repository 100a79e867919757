import { LessThan } from 'typeorm';
import type { Match } from '#libs/contracts';
import type { SettingsChange } from '../changes/index.js';
import { FormerLinkEntity } from './former-link.entity.js';

/** Days that a former link is stored: an episode ends after 7 days without an event, and a recovery may be a day late. */
export const FORMER_LINK_DAYS = 8;
const KEEP_MS = FORMER_LINK_DAYS * 86_400_000;

/** A policy's routing: which events it takes, and which endpoints they go to. */
export interface Routing {
  match: Match | null;
  enabled: boolean;
  endpoints: readonly string[];
}

/**
 * Stores the links that a change removes from a policy: all its links if it took other events before or took any at
 * all, the removed links if it lost some.
 */
export async function keepFormerLinks(
  { manager, now }: SettingsChange,
  before: Routing & { team: string; key: string },
  after: Routing | undefined,
): Promise<void> {
  await manager.delete(FormerLinkEntity, { removedAt: LessThan(new Date(now.getTime() - KEEP_MS)) });
  const endpointIds = lostLinks(before, after).sort();
  if (endpointIds.length === 0) return;
  const { team, key: policyKey, match } = before;
  // A link that is removed and added again and again is stored once, or it would fill the memory of every process.
  const [, again] = await manager.query<[unknown[], number]>(
    `UPDATE former_links SET removed_at = $5
     WHERE team = $1 AND policy_key = $2 AND match IS NOT DISTINCT FROM $3::jsonb AND endpoint_ids = $4`,
    [team, policyKey, match === null ? null : JSON.stringify(match), endpointIds, now],
  );
  if (again === 0) await manager.insert(FormerLinkEntity, { team, policyKey, match, endpointIds, removedAt: now });
}

function lostLinks(before: Routing, after: Routing | undefined): string[] {
  const takesOthers =
    after === undefined || !sameMatch(before.match, after.match) || (before.enabled && !after.enabled);
  return takesOthers ? [...before.endpoints] : before.endpoints.filter((id) => !after.endpoints.includes(id));
}

function sameMatch(a: Match | null, b: Match | null): boolean {
  if (a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
