import type { EntityManager } from 'typeorm';
import { SettingsConflict } from '../changes/index.js';
import { PolicyLinkEntity } from '../policies/policy-link.entity.js';
import { EndpointEntity } from './endpoint.entity.js';

interface Named {
  id: string;
  team: string;
}

const NAMED_MAX = 20;

/** @throws SettingsConflict naming the policies that link to an endpoint and the endpoints whose fallback it is */
export async function requireUnused(manager: EntityManager, { id, team }: Named): Promise<void> {
  const links = await manager.find(PolicyLinkEntity, { where: { team, endpointId: id }, order: { policyKey: 'ASC' } });
  const policies = links.map((link) => link.policyKey);
  const endpoints = await fallbackUsers(manager, { id, team });
  const uses = [
    policies.length > 0 &&
      `${policies.length === 1 ? 'a policy links' : `${policies.length} policies link`} to this endpoint: ${named(policies)}`,
    endpoints.length > 0 &&
      `it is the fallback of ${endpoints.length === 1 ? 'an endpoint' : `${endpoints.length} endpoints`}: ${named(endpoints.map(({ name }) => name))}`,
  ].filter((use) => use !== false);
  if (uses.length === 0) return;
  throw new SettingsConflict(`${uses.join('; ')}; ?force=true deletes it anyway`, {
    ...(policies.length > 0 && { policies }),
    ...(endpoints.length > 0 && { endpoints }),
  });
}

async function fallbackUsers(manager: EntityManager, { id, team }: Named): Promise<{ id: string; name: string }[]> {
  const rows = await manager.find(EndpointEntity, {
    select: { id: true, name: true },
    where: { team, fallback: id },
    order: { name: 'ASC' },
  });
  return rows.map((row) => ({ id: row.id, name: row.name }));
}

function named(names: readonly string[]): string {
  return `${names.slice(0, NAMED_MAX).join(', ')}${names.length > NAMED_MAX ? ', …' : ''}`;
}
