import { type EntityManager, LessThan } from 'typeorm';
import type { Match } from '#libs/contracts';
import { FormerLinkEntity } from '../entities/index.js';

/** An episode ends silently after 7 days without an event; a day more, and no recovery can need the link. */
export const FORMER_LINK_DAYS = 8;
const KEEP_MS = FORMER_LINK_DAYS * 86_400_000;

/** A policy and its links, as far as recoveries follow them. */
export interface Linked {
  team: string;
  key: string;
  match: Match | null;
  enabled: boolean;
  endpointIds: readonly string[];
}

/**
 * Keeps what a change takes away from a policy: all its links where it took other events before or took any at all,
 * the links that are gone where it lost some. Call it in the transaction of the change.
 */
export async function keepFormerLinks(
  manager: EntityManager,
  before: Linked,
  after: Linked | undefined,
  now: Date,
): Promise<void> {
  await manager.delete(FormerLinkEntity, { removedAt: LessThan(new Date(now.getTime() - KEEP_MS)) });
  const endpointIds = lostLinks(before, after).sort();
  if (endpointIds.length === 0) return;
  const { team, key: policyKey, match } = before;
  // What is switched to and fro is kept once, or it would fill every process's memory.
  const [, again] = await manager.query<[unknown[], number]>(
    `UPDATE former_links SET removed_at = $5
     WHERE team = $1 AND policy_key = $2 AND match IS NOT DISTINCT FROM $3::jsonb AND endpoint_ids = $4`,
    [team, policyKey, match === null ? null : JSON.stringify(match), endpointIds, now],
  );
  if (again === 0) await manager.insert(FormerLinkEntity, { team, policyKey, match, endpointIds, removedAt: now });
}

function lostLinks(before: Linked, after: Linked | undefined): string[] {
  const takesOthers =
    after === undefined || !sameMatch(before.match, after.match) || (before.enabled && !after.enabled);
  return takesOthers ? [...before.endpointIds] : before.endpointIds.filter((id) => !after.endpointIds.includes(id));
}

function sameMatch(a: Match | null, b: Match | null): boolean {
  if (a === null || b === null) return a === b;
  const names = Object.keys(a);
  return names.length === Object.keys(b).length && names.every((name) => Object.hasOwn(b, name) && a[name] === b[name]);
}
