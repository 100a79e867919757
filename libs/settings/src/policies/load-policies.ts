import { MoreThan } from 'typeorm';
import type { FormerLink, Policy } from '#libs/contracts';
import type { Snapshot } from '../fields/index.js';
import { snapshotOf } from '../fields/snapshot-of.js';
import type { SnapshotPart } from '../resource.js';
import { existingEndpoints } from './existing-endpoints.js';
import { FormerLinkEntity } from './former-link.entity.js';
import { FORMER_LINK_DAYS } from './former-links.js';
import { PolicyEntity } from './policy.entity.js';
import { PolicyLinkEntity } from './policy-link.entity.js';
import { groupLinks } from './policy-links.js';
import { type PolicyFields, policyFields } from './schemas.js';

/** Fails to compile if `Policy` of the contracts and the declaration differ: the error names the field. */
type Undeclared = Exclude<keyof Policy, keyof Snapshot<PolicyFields>>;
type NotInContracts = Exclude<keyof Snapshot<PolicyFields>, keyof Policy>;
const _same: [Undeclared, NotInContracts] extends [never, never] ? true : [Undeclared, NotInContracts] = true;

/** Loads all policies, and former links of endpoints that still exist. */
export const loadPolicies = (): SnapshotPart => async (manager) => {
  const rows = await manager.find(PolicyEntity, { order: { team: 'ASC', key: 'ASC' } });
  const linksOf = groupLinks(await manager.find(PolicyLinkEntity, { order: { position: 'ASC' } }));
  const since = new Date(Date.now() - FORMER_LINK_DAYS * 86_400_000);
  const former = await manager.find(FormerLinkEntity, { where: { removedAt: MoreThan(since) } });
  const exists = await existingEndpoints(manager, [...new Set(former.flatMap(({ endpointIds }) => endpointIds))]);
  const existing = ({ policyKey, team, match, endpointIds }: FormerLinkEntity): FormerLink => ({
    policyKey,
    team,
    match,
    endpointIds: endpointIds.filter((id) => exists.has(id)),
  });
  return {
    policies: rows.map((row): Policy => snapshotOf(policyFields, row, { endpoints: linksOf(row) })),
    formerLinks: former.map(existing).filter(({ endpointIds }) => endpointIds.length > 0),
  };
};
