import type { EntityManager } from 'typeorm';
import { fieldError } from '#libs/validation';
import { InvalidSettings, isId } from '../changes/index.js';
import type { Rules } from '../resource.js';
import { existingEndpoints } from './existing-endpoints.js';
import { keepFormerLinks } from './former-links.js';
import { linksOfAll, replaceLinks } from './policy-links.js';
import type { PolicyFields } from './schemas.js';

/** The rules of policies: links to endpoints of the same team, and former links for recoveries. */
export const policyRules = (): Rules<PolicyFields> => ({
  async elsewhere(manager, rows) {
    const endpointsOf = await linksOfAll(manager, rows);
    return rows.map((row) => ({ endpoints: endpointsOf(row) }));
  },
  beforeSave: async ({ manager }, { team, settings }) => ({
    endpoints: await requireEndpoints(manager, team, settings.endpoints),
  }),
  async afterSave(change, { id: key, team, before, settings }) {
    const { match, enabled, endpoints } = settings;
    if (before) await keepFormerLinks(change, before, { match, enabled, endpoints });
    await replaceLinks(change, { team, key }, endpoints);
  },
  async beforeRemove(change, row) {
    await keepFormerLinks(change, row, undefined);
  },
  filter(query, { endpoint }) {
    if (endpoint === undefined) return;
    query.andWhere(
      'EXISTS (SELECT 1 FROM policy_endpoints l WHERE l.team = r.team AND l.policy_key = r.key AND l.endpoint_id = :endpoint)',
      { endpoint },
    );
  },
});

/** The ids without repeats. @throws InvalidSettings naming each that is not an endpoint of the team */
async function requireEndpoints(manager: EntityManager, team: string, ids: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(ids)];
  const known = await existingEndpoints(manager, wanted.filter(isId), team);
  const errors = ids.flatMap((id, i) =>
    known.has(id) ? [] : [fieldError(['endpoints', i], `is no endpoint of the team ${team}`)],
  );
  if (errors.length > 0) throw new InvalidSettings(errors);
  return wanted;
}
