import { type EntityManager, In } from 'typeorm';
import { LEVELS } from '#libs/contracts';
import { defaultRateLimit } from '../kinds/channel-kinds.js';
import { linkNewEndpoint, unlinkEndpoint } from '../policies/endpoint-links.js';
import { PolicyLinkEntity } from '../policies/policy-link.entity.js';
import type { RuleDeps, Rules } from '../resource.js';
import { asStored } from './as-stored.js';
import { checkConfig, requireKind } from './check-config.js';
import type { EndpointEntity } from './endpoint.entity.js';
import { requireUnused } from './endpoint-users.js';
import { clearFallback, requireFallback } from './fallbacks.js';
import type { EndpointFields } from './schemas.js';

/** The rules of endpoints: config by its channel, fallbacks without loops, links of policies. */
export const endpointRules = ({ kinds, checkTemplate }: RuleDeps): Rules<EndpointFields> => ({
  elsewhere: policyCounts,
  shown: (row) => ({ rateLimit: row.rateLimit ?? defaultRateLimit(kinds.find(row.channel)) }),
  secretShape: ({ channel }) => ({ config: requireKind(kinds, String(channel)).config }),
  adaptPatch: asStored,
  check: (settings, found) => ({
    ...settings,
    config: checkConfig(requireKind(kinds, settings.channel), settings, found, checkTemplate),
    levels: LEVELS.filter((level) => settings.levels.includes(level)),
  }),
  async beforeSave({ manager }, { id, team, before, settings: { fallback } }) {
    if (fallback !== null && fallback !== before?.fallback) await requireFallback(manager, { id, team, fallback });
    return {};
  },
  async afterSave(change, { id, team, settings: { policies = [] } }) {
    await linkNewEndpoint(change, { team, endpointId: id, policyKeys: policies });
  },
  async beforeRemove(change, row, { force }) {
    if (force !== 'true') await requireUnused(change.manager, row);
    await unlinkEndpoint(change, { team: row.team, endpointId: row.id });
    await clearFallback(change, row);
  },
});

async function policyCounts(
  manager: EntityManager,
  rows: readonly EndpointEntity[],
): Promise<{ policyCount: number }[]> {
  const counts = new Map<string, number>();
  if (rows.length > 0) {
    const counted = await manager
      .createQueryBuilder(PolicyLinkEntity, 'link')
      .select('link.endpointId', 'id')
      .addSelect('count(*)', 'count')
      .where({ endpointId: In(rows.map(({ id }) => id)) })
      .groupBy('link.endpointId')
      .getRawMany<{ id: string; count: string }>();
    for (const { id, count } of counted) counts.set(id, Number(count));
  }
  return rows.map(({ id }) => ({ policyCount: counts.get(id) ?? 0 }));
}
