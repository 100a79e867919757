import { type EntityManager, In } from 'typeorm';
import type { SettingsChange } from '../changes/index.js';
import { PolicyLinkEntity } from './policy-link.entity.js';

interface PolicyKey {
  team: string;
  key: string;
}

/** The ids of the endpoints that each of some policies names, in its order. */
export async function linksOfAll(
  manager: EntityManager,
  policies: readonly PolicyKey[],
): Promise<(policy: PolicyKey) => string[]> {
  const links =
    policies.length === 0
      ? []
      : await manager.find(PolicyLinkEntity, {
          where: { policyKey: In(policies.map((policy) => policy.key)) },
          order: { position: 'ASC' },
        });
  return groupLinks(links);
}

/** The ids of endpoints by policy. */
export function groupLinks(links: readonly PolicyLinkEntity[]): (policy: PolicyKey) => string[] {
  const byPolicy = Map.groupBy(links, (link) => `${link.team}\0${link.policyKey}`);
  return ({ team, key }) => (byPolicy.get(`${team}\0${key}`) ?? []).map((link) => link.endpointId);
}

export async function replaceLinks(
  { manager }: SettingsChange,
  { team, key: policyKey }: PolicyKey,
  endpointIds: readonly string[],
): Promise<void> {
  await manager.delete(PolicyLinkEntity, { team, policyKey });
  if (endpointIds.length === 0) return;
  const links = endpointIds.map((endpointId, position) => ({ team, policyKey, endpointId, position }));
  await manager.insert(PolicyLinkEntity, links);
}
