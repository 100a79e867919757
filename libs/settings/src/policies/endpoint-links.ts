import type { EntityManager } from 'typeorm';
import { PolicyEntity, PolicyLinkEntity } from '../entities/index.js';
import { keepFormerLinks } from './former-links.js';
import { linked, linksOf } from './policy-links.js';

/** Links a new endpoint to policies, making those that are missing. */
export async function linkNewEndpoint(
  manager: EntityManager,
  { team, endpointId, policyKeys, now }: { team: string; endpointId: string; policyKeys: readonly string[]; now: Date },
): Promise<void> {
  for (const key of new Set(policyKeys)) {
    const made = { team, key, name: key, match: null, enabled: true, createdAt: now, updatedAt: now };
    await manager.createQueryBuilder().insert().into(PolicyEntity).values(made).orIgnore().execute();
    const position = (await manager.maximum(PolicyLinkEntity, 'position', { team, policyKey: key })) ?? -1;
    await manager.insert(PolicyLinkEntity, { team, policyKey: key, endpointId, position: position + 1 });
    await manager.update(PolicyEntity, { team, key }, { updatedAt: now });
  }
}

/** Takes an endpoint out of every policy. */
export async function unlinkEndpoint(
  manager: EntityManager,
  { team, endpointId, now }: { team: string; endpointId: string; now: Date },
): Promise<void> {
  const links = await manager.find(PolicyLinkEntity, { where: { team, endpointId }, order: { policyKey: 'ASC' } });
  for (const { policyKey: key } of links) {
    const policy = await manager.findOneByOrFail(PolicyEntity, { team, key });
    const endpointIds = await linksOf(manager, policy);
    const before = linked(policy, endpointIds);
    await keepFormerLinks(
      manager,
      before,
      { ...before, endpointIds: endpointIds.filter((id) => id !== endpointId) },
      now,
    );
    await manager.update(PolicyEntity, { team, key }, { updatedAt: now });
  }
  await manager.delete(PolicyLinkEntity, { team, endpointId });
}
