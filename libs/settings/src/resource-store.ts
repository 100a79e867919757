import type { EntityManager, EntitySchema, ObjectLiteral, QueryDeepPartialEntity } from 'typeorm';
import type { Database } from '#libs/persistence';
import { fieldErrors, whyUnstorable } from '#libs/validation';
import {
  type Actor,
  changeSettings,
  type GateDeps,
  InvalidSettings,
  isId,
  mergePatch,
  newId,
  refuseUnknownRemovals,
  requireTeam,
  type SettingsChange,
  SettingsConflict,
  SettingsNotFound,
  withoutReadOnly,
} from './changes/index.js';
import type { Answer, CreateOf, Elsewhere, Fields, Row, SettingsOf } from './fields/index.js';
import { freeNameLike } from './free-name.js';
import { type Page, toPage } from './page.js';
import type { ActStore, Ref, Resource, RuleDeps, Rules, Saving } from './resource.js';
import { ResourceSecrets } from './resource-secrets.js';
import { toAnswer, toColumns, toSettings } from './rows.js';
import type { SecretBox } from './secrets/index.js';

type Json = Record<string, unknown>;
type Stored<F extends Fields> = Row<F> & Elsewhere<F>;

export interface StoreDeps extends RuleDeps, Omit<GateDeps, 'database'> {
  readonly database: Database;
  readonly box: SecretBox;
}

export interface ListQuery {
  readonly limit: number;
  /** The position after which the page begins: the values of the resource's key. */
  readonly after?: readonly string[];
  readonly filters?: Json;
}

/** Lists, shows and changes the resources of one kind. Secrets are sealed, and each change passes the gate. */
export class ResourceStore<F extends Fields = Fields> implements ActStore<F> {
  private readonly rules: Rules<F>;
  private readonly secrets: ResourceSecrets;
  private readonly entity: EntitySchema<ObjectLiteral>;
  private readonly readOnlyNames: readonly string[];

  constructor(
    private readonly resource: Resource<F>,
    private readonly deps: StoreDeps,
  ) {
    this.rules = resource.rules?.(deps) ?? {};
    this.secrets = new ResourceSecrets(
      resource.declaration,
      (settings) => this.rules.secretShape?.(settings),
      deps.box,
    );
    this.entity = resource.entity as EntitySchema<ObjectLiteral>;
    this.readOnlyNames = Object.entries<Fields[string]>(resource.declaration.fields)
      .filter(([, { access }]) => access === 'readOnly' || access === 'immutable')
      .map(([name]) => name);
  }

  /** Resources of a team, or of all teams for null, in the order of their keys. */
  async list(team: string | null, { limit, after, filters = {} }: ListQuery): Promise<Page<Answer<F>>> {
    const { key } = this.resource.declaration;
    return this.deps.database.run(async (manager) => {
      const query = manager.createQueryBuilder(this.entity, 'r').limit(limit + 1);
      for (const field of key) query.addOrderBy(`r.${field}`);
      if (team !== null) query.andWhere('r.team = :team', { team });
      if (after !== undefined) {
        const [fields, values] = [key.map((field) => `r.${field}`), key.map((_, i) => `:after${i}`)];
        const parameters = Object.fromEntries(after.map((value, i) => [`after${i}`, value]));
        query.andWhere(`(${fields.join(', ')}) > (${values.join(', ')})`, parameters);
      }
      this.rules.filter?.(query, filters);
      const rows = await query.getMany();
      const page = toPage(rows, limit, (row) => key.map((field) => row[field] as string));
      const stored = await this.complete(manager, page.items as Row<F>[]);
      return { ...page, items: stored.map((one) => this.show(one)) };
    });
  }

  /** @throws SettingsNotFound */
  async get(ref: Ref): Promise<Answer<F>> {
    return this.deps.database.run(async (manager) => this.show(await this.find(manager, ref)));
  }

  /** @throws InvalidSettings, SettingsConflict */
  async create(actor: Actor, body: CreateOf<F>, team: string): Promise<Answer<F>> {
    const { declaration } = this.resource;
    const id = this.isKeyed ? String((body as Json)[declaration.key[1] as string]) : this.newId();
    const settings = this.checked(body as SettingsOf<F>, {});
    return this.change(actor, async (change) => {
      await requireTeam(change.manager, team);
      if (this.isKeyed) await this.requireFreeKey(change.manager, team, id);
      await this.requireFreeName(change.manager, team, settings as Json);
      const saving = { id, team, before: undefined, settings: settings as Saving<F>['settings'] };
      return this.insert(change, await this.completed(change, saving));
    });
  }

  /** Merges a patch (RFC 7396) into the stored settings. @throws InvalidSettings, SettingsConflict, SettingsNotFound */
  async patch(actor: Actor, ref: Ref, patch: Json): Promise<Answer<F>> {
    return this.change(actor, async (change) => {
      const { manager } = change;
      const before = await this.find(manager, ref);
      const { id, team } = this.identityOf(before);
      const wanted = withoutReadOnly(patch, this.show(before) as Json, this.readOnlyNames);
      const stored = {
        ...toSettings(this.resource.declaration, before),
        ...this.secrets.open(id, before as Json, wanted),
      };
      // Merged into masks, so that every secret that the patch keeps is known, also one that it does not mention.
      const masked = { ...stored, ...this.secrets.mask(stored) } as SettingsOf<F>;
      const settings = this.checked(this.merge(masked, wanted, before), stored);
      await this.requireFreeName(manager, team, settings as Json, before as Json);
      const saving = await this.completed(change, { id, team, before, settings: settings as Saving<F>['settings'] });
      await manager.update(this.entity, this.where({ key: id, team }), {
        ...this.columns(saving, 'settable'),
        ...this.stamps(change),
      });
      await this.rules.afterSave?.(change, saving);
      await this.record(change, 'change', saving);
      return this.show(await this.find(manager, ref));
    });
  }

  /**
   * Creates a copy of all settings, secrets included, under another name. `changes` holds the name, if any, and fields
   * that are sent at creation only. @throws InvalidSettings if secrets cannot be decrypted, SettingsConflict, SettingsNotFound
   */
  async copy(actor: Actor, ref: Ref, { name, ...changes }: Json): Promise<Answer<F>> {
    return this.change(actor, async (change) => {
      const row = await this.find(change.manager, ref);
      const { id, team } = this.identityOf(row);
      const opened = { ...toSettings(this.resource.declaration, row), ...this.secrets.open(id, row as Json, {}) };
      if (typeof name === 'string') await this.requireFreeName(change.manager, team, { name });
      const free =
        name ?? (await freeNameLike(change.manager, this.entity, { team, name: String((row as Json).name) }));
      const settings = { ...opened, ...changes, name: free } as unknown as Saving<F>['settings'];
      return this.insert(change, { id: this.newId(), team, before: undefined, settings });
    });
  }

  /** @throws SettingsNotFound, SettingsConflict */
  async remove(actor: Actor, ref: Ref, options: Json = {}): Promise<void> {
    await this.change(actor, async (change) => {
      const row = await this.find(change.manager, ref);
      const { id, team } = this.identityOf(row);
      await this.rules.beforeRemove?.(change, row, options);
      await change.manager.delete(this.entity, this.where({ key: id, team }));
      await this.record(change, 'delete', { id, team });
    });
  }

  /** @throws InvalidSettings, SettingsNotFound */
  async check(settings: SettingsOf<F>, like?: Ref): Promise<SettingsOf<F>> {
    this.secrets.schemasOf(settings as Json);
    const row = like && (await this.deps.database.run((manager) => this.find(manager, like)));
    const stored = row ? this.secrets.openLike(this.identityOf(row).id, row as Json, settings as Json) : {};
    return this.checked(settings, stored);
  }

  private change<T>(actor: Actor, work: (change: SettingsChange) => Promise<T>): Promise<T> {
    return changeSettings(this.deps, actor, work);
  }

  private merge(stored: SettingsOf<F>, wanted: Json, before: Stored<F>): SettingsOf<F> {
    const { fields, schemas } = this.resource.declaration;
    refuseUnknownRemovals(schemas.settings.extend(this.secrets.schemasOf(stored as Json)), stored as Json, wanted);
    const patch = this.rules.adaptPatch?.(wanted, stored, this.show(before)) ?? wanted;
    const merged = mergePatch(stored as Json, patch);
    // A value equal to the one that it falls back to is the default, which need not fit the field's own schema.
    for (const [name, { fallsBackTo }] of Object.entries<Fields[string]>(fields))
      if (fallsBackTo !== undefined && merged[name] === (before as Json)[fallsBackTo]) delete merged[name];
    const result = schemas.settings.safeParse(merged);
    if (!result.success) throw new InvalidSettings(fieldErrors(result.error.issues));
    return result.data as SettingsOf<F>;
  }

  /** Settings as they are to be stored, in clear. @throws InvalidSettings */
  private checked(settings: SettingsOf<F>, stored: Json): SettingsOf<F> {
    const { restored, errors } = this.secrets.restore(settings as Json, stored);
    const whole = { ...settings, ...restored } as SettingsOf<F>;
    if (this.rules.check) return this.rules.check(whole, errors);
    if (errors.length > 0) throw new InvalidSettings(errors);
    return whole;
  }

  private async completed(change: SettingsChange, saving: Saving<F>): Promise<Saving<F>> {
    const others = await this.rules.beforeSave?.(change, saving);
    return others ? { ...saving, settings: { ...saving.settings, ...others } } : saving;
  }

  private async insert(change: SettingsChange, saving: Saving<F>): Promise<Answer<F>> {
    const { id, team } = saving;
    await change.manager.insert(this.entity, {
      ...this.columns(saving, 'immutable', 'settable'),
      ...(!this.isKeyed && { id }),
      team,
      ...this.stamps(change),
      createdAt: change.now,
    });
    await this.rules.afterSave?.(change, saving);
    await this.record(change, 'create', saving);
    return this.show(await this.find(change.manager, { key: id, team }));
  }

  private columns({ id, settings }: Saving<F>, ...access: ('settable' | 'immutable')[]) {
    const sealed = { ...(settings as Json), ...this.secrets.seal(id, settings as Json) };
    return toColumns(this.resource.declaration, sealed, access) as QueryDeepPartialEntity<ObjectLiteral>;
  }

  private stamps({ version, now }: SettingsChange): object {
    return { ...('changedIn' in this.resource.declaration.fields && { changedIn: version }), updatedAt: now };
  }

  private record(
    change: SettingsChange,
    act: 'create' | 'change' | 'delete',
    { id, team }: { id: string; team: string },
  ) {
    return change.record({ act, resource: this.resource.declaration.name, id, team });
  }

  private async find(manager: EntityManager, ref: Ref): Promise<Stored<F>> {
    const possible = this.isKeyed ? !whyUnstorable(ref.key) : isId(ref.key);
    const row = possible ? await manager.findOneBy(this.entity, this.where(ref)) : null;
    if (row) return (await this.complete(manager, [row as Row<F>]))[0] as Stored<F>;
    const { noun, key } = this.resource.declaration;
    throw new SettingsNotFound(
      this.isKeyed ? `${noun} with this ${key[1]} in the team ${ref.team}` : `${noun} with this id`,
    );
  }

  private async complete(manager: EntityManager, rows: readonly Row<F>[]): Promise<Stored<F>[]> {
    const elsewhere = (await this.rules.elsewhere?.(manager, rows)) ?? [];
    return rows.map((row, i) => ({ ...row, ...elsewhere[i] }) as Stored<F>);
  }

  private show(stored: Stored<F>): Answer<F> {
    const masked = { ...(stored as Json), ...this.secrets.mask(stored as Json), ...this.rules.shown?.(stored) };
    return toAnswer(this.resource.declaration, masked) as Answer<F>;
  }

  private get isKeyed(): boolean {
    return this.resource.declaration.key[0] === 'team';
  }

  private newId(): string {
    return newId((this.deps.now?.() ?? new Date()).getTime());
  }

  private where({ key, team }: Ref): Json {
    return { [this.resource.declaration.key.at(-1) as string]: key, ...(team !== null && { team }) };
  }

  private identityOf(row: object): { id: string; team: string } {
    const values = row as Record<string, string>;
    return { id: values[this.resource.declaration.key.at(-1) as string] as string, team: values.team as string };
  }

  private async requireFreeKey(manager: EntityManager, team: string, key: string): Promise<void> {
    if (!(await manager.existsBy(this.entity, this.where({ key, team })))) return;
    const { one, key: names } = this.resource.declaration;
    throw new SettingsConflict(`the team ${team} already has ${one} with the ${names[1]} ${JSON.stringify(key)}`);
  }

  /** @throws SettingsConflict if another resource of the team has the same value of the unique field */
  private async requireFreeName(manager: EntityManager, team: string, settings: Json, before?: Json): Promise<void> {
    const { unique, one } = this.resource.declaration;
    if (unique === undefined || settings[unique] === before?.[unique]) return;
    if (!(await manager.existsBy(this.entity, { team, [unique]: settings[unique] }))) return;
    throw new SettingsConflict(`the team ${team} already has ${one} named ${JSON.stringify(settings[unique])}`);
  }
}
