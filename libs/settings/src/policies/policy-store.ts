import { type EntityManager, In } from 'typeorm';
import type { Match } from '#libs/contracts';
import { fieldError, fieldErrors, whyUnstorable } from '#libs/validation';
import type { Database } from '../database/database.js';
import type { Scope } from '../endpoints/endpoint-store.js';
import { EndpointEntity, PolicyEntity } from '../entities/index.js';
import { changeSettings, requireTeam } from '../settings/change-settings.js';
import { isId } from '../settings/ids.js';
import { mergePatch } from '../settings/merge-patch.js';
import { type Page, toPage } from '../settings/page.js';
import { withoutReadOnly } from '../settings/read-only.js';
import { InvalidSettings, SettingsConflict, SettingsNotFound } from '../settings/settings-errors.js';
import { refuseUnknownRemovals } from '../settings/unknown-removals.js';
import { keepFormerLinks } from './former-links.js';
import { linked, linksOf, linksOfAll, replaceLinks } from './policy-links.js';
import { type PolicySettings, policySettingsSchema } from './policy-settings.js';

export interface PolicyResource {
  key: string;
  name: string;
  team: string;
  endpoints: string[];
  match: Match | null;
  enabled: boolean;
  createdAt: string;
  updatedAt: string;
}

export interface PolicyFilters {
  /** Only policies that link to this endpoint. */
  endpoint?: string;
}

const READ_ONLY = ['key', 'team', 'createdAt', 'updatedAt'];

/** Policies as people set them, and which endpoints they link to. */
export class PolicyStore {
  constructor(
    private readonly database: Database,
    private readonly now: () => Date = () => new Date(),
  ) {}

  /** Ordered by team and key; `after` is the team and key of the last one shown. */
  async list(
    scope: Scope,
    filters: PolicyFilters,
    limit: number,
    after?: readonly string[],
  ): Promise<Page<PolicyResource>> {
    return this.database.run(async (manager) => {
      const query = manager
        .createQueryBuilder(PolicyEntity, 'p')
        .orderBy('p.team')
        .addOrderBy('p.key')
        .limit(limit + 1);
      if (scope !== null) query.andWhere('p.team = :scope', { scope });
      if (after !== undefined) query.andWhere('(p.team, p.key) > (:team, :key)', { team: after[0], key: after[1] });
      if (filters.endpoint !== undefined) {
        query.andWhere(
          'EXISTS (SELECT 1 FROM policy_endpoints l WHERE l.team = p.team AND l.policy_key = p.key AND l.endpoint_id = :endpoint)',
          { endpoint: filters.endpoint },
        );
      }
      const page = toPage(await query.getMany(), limit, (row) => [row.team, row.key]);
      const endpointsOf = await linksOfAll(manager, page.items);
      return { ...page, items: page.items.map((row) => toResource(row, endpointsOf(row))) };
    });
  }

  /** @throws SettingsNotFound */
  async get(team: string, key: string): Promise<PolicyResource> {
    return this.database.run(async (manager) => {
      const row = await find(manager, team, key);
      return toResource(row, await linksOf(manager, row));
    });
  }

  /** @throws InvalidSettings, SettingsConflict */
  async create(settings: PolicySettings, team: string): Promise<PolicyResource> {
    return changeSettings(this.database, async (manager) => {
      await requireTeam(manager, team);
      const { key, match, enabled } = settings;
      if (await manager.existsBy(PolicyEntity, { team, key })) {
        throw new SettingsConflict(`the team ${team} already has a policy with the key ${JSON.stringify(key)}`);
      }
      const endpoints = await requireEndpoints(manager, team, settings.endpoints);
      const now = this.now();
      await manager.insert(PolicyEntity, {
        team,
        key,
        name: settings.name ?? key,
        match,
        enabled,
        createdAt: now,
        updatedAt: now,
      });
      await replaceLinks(manager, { team, key }, endpoints);
      return toResource(await find(manager, team, key), endpoints);
    });
  }

  /** Merges a patch (RFC 7396) into what is stored. @throws InvalidSettings, SettingsNotFound */
  async patch(team: string, key: string, patch: Record<string, unknown>): Promise<PolicyResource> {
    return changeSettings(this.database, async (manager) => {
      const row = await find(manager, team, key);
      const endpointIds = await linksOf(manager, row);
      const before = toResource(row, endpointIds);
      const { createdAt, updatedAt, ...current } = before;
      const change = withoutReadOnly(patch, before, READ_ONLY);
      refuseUnknownRemovals(policySettingsSchema, current, change);
      const wanted = mergePatch(current, change);
      // A name that is the key is the default, and a key need not fit the rules for names.
      if (wanted.name === key) delete wanted.name;
      const merged = policySettingsSchema.safeParse(wanted);
      if (!merged.success) throw new InvalidSettings(fieldErrors(merged.error.issues));
      const { match, enabled } = merged.data;
      const endpoints = await requireEndpoints(manager, team, merged.data.endpoints);
      const now = this.now();
      await keepFormerLinks(
        manager,
        linked(row, endpointIds),
        { team, key, match, enabled, endpointIds: endpoints },
        now,
      );
      await manager.update(
        PolicyEntity,
        { team, key },
        { name: merged.data.name ?? key, match, enabled, updatedAt: now },
      );
      await replaceLinks(manager, { team, key }, endpoints);
      return toResource(await find(manager, team, key), endpoints);
    });
  }

  /** @throws SettingsNotFound */
  async remove(team: string, key: string): Promise<void> {
    await changeSettings(this.database, async (manager) => {
      const row = await find(manager, team, key);
      await keepFormerLinks(manager, linked(row, await linksOf(manager, row)), undefined, this.now());
      await manager.delete(PolicyEntity, { team, key });
    });
  }
}

async function find(manager: EntityManager, team: string, key: string): Promise<PolicyEntity> {
  const row = whyUnstorable(key) ? null : await manager.findOneBy(PolicyEntity, { team, key });
  if (!row) throw new SettingsNotFound(`policy with this key in the team ${team}`);
  return row;
}

/** The ids without repeats. @throws InvalidSettings naming each that is no endpoint of the team */
async function requireEndpoints(manager: EntityManager, team: string, ids: readonly string[]): Promise<string[]> {
  const wanted = [...new Set(ids)];
  const found = await manager.find(EndpointEntity, {
    select: { id: true },
    where: { team, id: In(wanted.filter(isId)) },
  });
  const known = new Set(found.map((endpoint) => endpoint.id));
  const errors = ids.flatMap((id, i) =>
    known.has(id) ? [] : [fieldError(['endpoints', i], `is no endpoint of the team ${team}`)],
  );
  if (errors.length > 0) throw new InvalidSettings(errors);
  return wanted;
}

function toResource(row: PolicyEntity, endpoints: string[]): PolicyResource {
  const { key, name, team, match, enabled } = row;
  return {
    key,
    name,
    team,
    endpoints,
    match,
    enabled,
    createdAt: row.createdAt.toISOString(),
    updatedAt: row.updatedAt.toISOString(),
  };
}
