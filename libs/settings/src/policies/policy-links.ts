import { type EntityManager, In } from 'typeorm';
import { type PolicyEntity, PolicyLinkEntity } from '../entities/index.js';
import type { Linked } from './former-links.js';

/** The ids of the endpoints that a policy names, in its order. */
export async function linksOf(manager: EntityManager, policy: { team: string; key: string }): Promise<string[]> {
  const links = await manager.find(PolicyLinkEntity, {
    where: { team: policy.team, policyKey: policy.key },
    order: { position: 'ASC' },
  });
  return links.map((link) => link.endpointId);
}

/** The same for many policies of any team, by `team` and `key`. */
export async function linksOfAll(
  manager: EntityManager,
  policies: readonly PolicyEntity[],
): Promise<(policy: PolicyEntity) => string[]> {
  const links =
    policies.length === 0
      ? []
      : await manager.find(PolicyLinkEntity, {
          where: { policyKey: In(policies.map((policy) => policy.key)) },
          order: { position: 'ASC' },
        });
  const byPolicy = Map.groupBy(links, (link) => `${link.team}\0${link.policyKey}`);
  return (policy) => (byPolicy.get(`${policy.team}\0${policy.key}`) ?? []).map((link) => link.endpointId);
}

export async function replaceLinks(
  manager: EntityManager,
  policy: { team: string; key: string },
  endpointIds: readonly string[],
): Promise<void> {
  await manager.delete(PolicyLinkEntity, { team: policy.team, policyKey: policy.key });
  if (endpointIds.length === 0) return;
  await manager.insert(
    PolicyLinkEntity,
    endpointIds.map((endpointId, position) => ({ team: policy.team, policyKey: policy.key, endpointId, position })),
  );
}

export function linked(policy: PolicyEntity, endpointIds: readonly string[]): Linked {
  const { team, key, match, enabled } = policy;
  return { team, key, match, enabled, endpointIds };
}
