import type { SettingsChange } from '../changes/index.js';
import { keepFormerLinks } from './former-links.js';
import { PolicyEntity } from './policy.entity.js';
import { PolicyLinkEntity } from './policy-link.entity.js';
import { linksOfAll } from './policy-links.js';

/** Links a new endpoint to policies, and creates those that do not exist. */
export async function linkNewEndpoint(
  change: SettingsChange,
  { team, endpointId, policyKeys }: { team: string; endpointId: string; policyKeys: readonly string[] },
): Promise<void> {
  const { manager, now } = change;
  for (const key of new Set(policyKeys)) {
    const made = { team, key, name: key, match: null, enabled: true, createdAt: now, updatedAt: now };
    const { raw } = await manager
      .createQueryBuilder()
      .insert()
      .into(PolicyEntity)
      .values(made)
      .orIgnore()
      .returning('key')
      .execute();
    const position = (await manager.maximum(PolicyLinkEntity, 'position', { team, policyKey: key })) ?? -1;
    await manager.insert(PolicyLinkEntity, { team, policyKey: key, endpointId, position: position + 1 });
    await manager.update(PolicyEntity, { team, key }, { updatedAt: now });
    await change.record({ act: raw.length > 0 ? 'create' : 'change', resource: 'policies', id: key, team });
  }
}

/** Removes an endpoint from every policy. */
export async function unlinkEndpoint(
  change: SettingsChange,
  { team, endpointId }: { team: string; endpointId: string },
): Promise<void> {
  const { manager, now } = change;
  const links = await manager.find(PolicyLinkEntity, { where: { team, endpointId }, order: { policyKey: 'ASC' } });
  for (const { policyKey: key } of links) {
    const policy = await manager.findOneByOrFail(PolicyEntity, { team, key });
    const endpoints = (await linksOfAll(manager, [policy]))(policy);
    const before = { ...policy, endpoints };
    await keepFormerLinks(change, before, { ...before, endpoints: endpoints.filter((id) => id !== endpointId) });
    await manager.update(PolicyEntity, { team, key }, { updatedAt: now });
    await change.record({ act: 'change', resource: 'policies', id: key, team });
  }
  await manager.delete(PolicyLinkEntity, { team, endpointId });
}
