import { type EntityManager, type FindOptionsWhere, In, MoreThan } from 'typeorm';
import type { Endpoint } from '#libs/contracts';
import { fieldError, fieldErrors } from '#libs/validation';
import type { Database } from '../database/database.js';
import { EndpointEntity, PolicyLinkEntity } from '../entities/index.js';
import { linkNewEndpoint, unlinkEndpoint } from '../policies/endpoint-links.js';
import { changeSettings, requireTeam } from '../settings/change-settings.js';
import { isId, newId } from '../settings/ids.js';
import { mergePatch } from '../settings/merge-patch.js';
import { type Page, toPage } from '../settings/page.js';
import { withoutReadOnly } from '../settings/read-only.js';
import { InvalidSettings, SettingsNotFound } from '../settings/settings-errors.js';
import { refuseUnknownRemovals } from '../settings/unknown-removals.js';
import { asStored } from './as-stored.js';
import type { ChannelKinds } from './channel-kinds.js';
import { checkConfig, requireKind, type TemplateCheck } from './check-settings.js';
import { freeNameLike, requireFreeName } from './endpoint-names.js';
import { type EndpointResource, toColumns, toResource, toSettings } from './endpoint-resource.js';
import {
  type EndpointClone,
  type EndpointCreate,
  type EndpointSettings,
  endpointSettingsSchema,
} from './endpoint-settings.js';
import { requireUnused } from './endpoint-users.js';
import { clearFallback, requireFallback } from './fallbacks.js';
import { openConfig, type SecretBox, sealConfig } from './sealed-config.js';
import { usableEndpoint } from './usable-endpoint.js';

/** Which team's endpoints may be seen; null for all. */
export type Scope = string | null;

export interface EndpointStoreDeps {
  database: Database;
  kinds: ChannelKinds;
  box: SecretBox;
  checkTemplate: TemplateCheck;
  now?: () => Date;
}

const READ_ONLY = ['id', 'team', 'channel', 'policyCount', 'createdAt', 'updatedAt'];

/** Push endpoints as people set them: checked, secrets sealed, every change counted in the settings' version. */
export class EndpointStore {
  private readonly now: () => Date;

  constructor(private readonly deps: EndpointStoreDeps) {
    this.now = deps.now ?? (() => new Date());
  }

  async list(scope: Scope, limit: number, after?: string): Promise<Page<EndpointResource>> {
    return this.deps.database.run(async (manager) => {
      const where: FindOptionsWhere<EndpointEntity> = {};
      if (scope !== null) where.team = scope;
      if (after !== undefined) where.id = MoreThan(after);
      const rows = await manager.find(EndpointEntity, { where, order: { id: 'ASC' }, take: limit + 1 });
      const counts = await policyCounts(
        manager,
        rows.map((row) => row.id),
      );
      const page = toPage(rows, limit, (row) => [row.id]);
      return { ...page, items: page.items.map((row) => this.show(row, counts.get(row.id) ?? 0)) };
    });
  }

  /** @throws SettingsNotFound */
  async get(id: string, scope: Scope): Promise<EndpointResource> {
    return this.deps.database.run(async (manager) => this.showNow(manager, await find(manager, id, scope)));
  }

  /** @throws InvalidSettings, SettingsConflict */
  async create(settings: EndpointCreate, team: string): Promise<EndpointResource> {
    const id = newId(this.now().getTime());
    const columns = this.check(id, settings, {});
    return changeSettings(this.deps.database, async (manager, version) => {
      await requireTeam(manager, team);
      await requireFreeName(manager, team, settings.name);
      const now = this.now();
      if (settings.fallback !== null) await requireFallback(manager, { id, team, fallback: settings.fallback });
      await manager.insert(EndpointEntity, {
        ...columns,
        id,
        team,
        changedIn: version,
        createdAt: now,
        updatedAt: now,
      });
      await linkNewEndpoint(manager, { team, endpointId: id, policyKeys: settings.policies, now });
      return this.showNow(manager, await find(manager, id, team));
    });
  }

  /** Merges a patch (RFC 7396) into what is stored. @throws InvalidSettings, SettingsNotFound */
  async patch(id: string, patch: Record<string, unknown>, scope: Scope): Promise<EndpointResource> {
    return changeSettings(this.deps.database, async (manager, version) => {
      const row = await find(manager, id, scope);
      const before = await this.showNow(manager, row);
      const change = withoutReadOnly(patch, before, READ_ONLY);
      const stored = this.open(row, change);
      const settings = toSettings(row, stored);
      const { config } = requireKind(this.deps.kinds, row.channel);
      refuseUnknownRemovals(endpointSettingsSchema.extend({ config }), { ...settings }, change);
      const merged = endpointSettingsSchema.safeParse(mergePatch({ ...settings }, asStored(change, settings, before)));
      if (!merged.success) throw new InvalidSettings(fieldErrors(merged.error.issues));
      if (merged.data.name !== row.name) await requireFreeName(manager, row.team, merged.data.name, row.id);
      const columns = this.check(id, merged.data, stored);
      const { fallback } = merged.data;
      if (fallback !== null && fallback !== row.fallback) {
        await requireFallback(manager, { id, team: row.team, fallback });
      }
      await manager.update(EndpointEntity, { id }, { ...columns, changedIn: version, updatedAt: this.now() });
      return this.showNow(manager, await find(manager, id, scope));
    });
  }

  /**
   * A copy of all that is set, secrets included, linked to no policy but those given.
   * @throws InvalidSettings where its secrets cannot be read, SettingsConflict, SettingsNotFound
   */
  async clone(id: string, { name, policies }: EndpointClone, scope: Scope): Promise<EndpointResource> {
    return changeSettings(this.deps.database, async (manager, version) => {
      const row = await find(manager, id, scope);
      const now = this.now();
      const copyId = newId(now.getTime());
      const copy = {
        ...toColumns(toSettings(row, {}), this.seal(copyId, row.channel, this.open(row, {}))),
        id: copyId,
        team: row.team,
        name: name ?? (await freeNameLike(manager, row)),
        changedIn: version,
        createdAt: now,
        updatedAt: now,
      };
      if (name !== undefined) await requireFreeName(manager, row.team, name);
      await manager.insert(EndpointEntity, copy);
      await linkNewEndpoint(manager, { team: row.team, endpointId: copy.id, policyKeys: policies, now });
      return this.showNow(manager, await find(manager, copy.id, scope));
    });
  }

  /** @throws SettingsNotFound, and SettingsConflict where policies or other endpoints use it and it is not forced */
  async remove(id: string, scope: Scope, force: boolean): Promise<void> {
    await changeSettings(this.deps.database, async (manager, version) => {
      const row = await find(manager, id, scope);
      const now = this.now();
      if (!force) await requireUnused(manager, row);
      await unlinkEndpoint(manager, { team: row.team, endpointId: id, now });
      await clearFallback(manager, row, { version, now });
      await manager.delete(EndpointEntity, { id });
    });
  }

  /**
   * The endpoint that settings would make, checked but not stored, for a test. Masks stand for the secrets of the
   * stored endpoint `likeId`. @throws InvalidSettings, SettingsNotFound
   */
  async unsaved(settings: EndpointSettings, team: string, likeId: string | undefined, scope: Scope): Promise<Endpoint> {
    const { database, kinds, checkTemplate } = this.deps;
    const kind = requireKind(kinds, settings.channel);
    const like = likeId === undefined ? undefined : await database.run((manager) => find(manager, likeId, scope));
    const stored = like?.channel === kind.type ? this.open(like, { config: {} }) : {};
    const config = checkConfig(kind, settings, stored, checkTemplate);
    const now = this.now();
    return usableEndpoint({ ...settings, id: newId(now.getTime()), team, updatedAt: now }, kind, config);
  }

  private check(endpointId: string, settings: EndpointSettings, stored: Record<string, unknown>) {
    const kind = requireKind(this.deps.kinds, settings.channel);
    const config = checkConfig(kind, settings, stored, this.deps.checkTemplate);
    return toColumns(settings, this.seal(endpointId, kind.type, config));
  }

  private seal(endpointId: string, channel: string, config: Record<string, unknown>): Record<string, unknown> {
    const { config: schema } = requireKind(this.deps.kinds, channel);
    return sealConfig({ endpointId, schema, config }, this.deps.box);
  }

  /** The stored config in clear. Where a secret can no longer be opened, only a whole new config helps. */
  private open(row: EndpointEntity, change: Record<string, unknown>): Record<string, unknown> {
    try {
      const { config: schema } = requireKind(this.deps.kinds, row.channel);
      return openConfig({ endpointId: row.id, schema, config: row.config }, this.deps.box);
    } catch (error) {
      if (error instanceof InvalidSettings) throw error;
      if (typeof change.config === 'object' && change.config !== null) return {};
      throw new InvalidSettings([
        fieldError(['config'], 'holds secrets that can no longer be decrypted; send the whole config again'),
      ]);
    }
  }

  private async showNow(manager: EntityManager, row: EndpointEntity): Promise<EndpointResource> {
    return this.show(row, await manager.countBy(PolicyLinkEntity, { endpointId: row.id }));
  }

  private show(row: EndpointEntity, policyCount: number): EndpointResource {
    return toResource(row, this.deps.kinds.find(row.channel), policyCount);
  }
}

async function find(manager: EntityManager, id: string, scope: Scope): Promise<EndpointEntity> {
  const row = isId(id) ? await manager.findOneBy(EndpointEntity, scope === null ? { id } : { id, team: scope }) : null;
  if (!row) throw new SettingsNotFound('endpoint with this id');
  return row;
}

async function policyCounts(manager: EntityManager, endpointIds: readonly string[]): Promise<Map<string, number>> {
  if (endpointIds.length === 0) return new Map();
  const rows = await manager
    .createQueryBuilder(PolicyLinkEntity, 'link')
    .select('link.endpointId', 'id')
    .addSelect('count(*)', 'count')
    .where({ endpointId: In([...endpointIds]) })
    .groupBy('link.endpointId')
    .getRawMany<{ id: string; count: string }>();
  return new Map(rows.map(({ id, count }) => [id, Number(count)]));
}
