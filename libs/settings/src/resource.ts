// The plug-in interface of a settings resource: all that its folder imports of the library, beside `fields`, `changes`
// and `secrets`.
import type { EntityManager, EntitySchema, ObjectLiteral, SelectQueryBuilder } from 'typeorm';
import type { z } from 'zod';
import type { Endpoint, Settings, SettingsSource } from '#libs/contracts';
import type { FieldError } from '#libs/validation';
import type { Actor, SettingsChange } from './changes/index.js';
import { entityOf } from './fields/entity-of.js';
import type { Answer, CreateOf, Declaration, Elsewhere, Fields, Row, SettingsOf } from './fields/index.js';
import type { ChannelKinds } from './kinds/channel-kinds.js';
import type { SecretBox, SecretSchemas } from './secrets/index.js';

type Json = Record<string, unknown>;

/** The id or key of one resource. `team` null finds an id in any team. */
export interface Ref {
  readonly key: string;
  readonly team: string | null;
}

/** A resource that is about to be stored, or was stored just now. */
export interface Saving<F extends Fields> {
  readonly id: string;
  readonly team: string;
  /** The stored row with its fields in other tables; undefined for a new resource. */
  readonly before: (Row<F> & Elsewhere<F>) | undefined;
  /** The checked settings; of a new resource with the fields that are sent at creation only. */
  readonly settings: SettingsOf<F> & Partial<CreateOf<F>>;
}

/** Says why a template does not compile, with line and column; undefined if it does. */
export type TemplateCheck = (source: string) => string | undefined;

/** The dependencies of rules. */
export interface RuleDeps {
  readonly kinds: ChannelKinds;
  readonly checkTemplate: TemplateCheck;
}

/** The rules of a resource beyond its declaration. Each is optional. */
export interface Rules<F extends Fields> {
  /** Fields that other tables hold, in the order of the rows. */
  elsewhere?(manager: EntityManager, rows: readonly Row<F>[]): Promise<Elsewhere<F>[]>;
  /** Answers that differ from the stored values. */
  shown?(row: Row<F>): Partial<Answer<F>>;
  /** The schema of each `secretsByRow` field. @throws InvalidSettings if the row names a schema that is not known */
  secretShape?(settings: Json): SecretSchemas;
  /** The patch in the terms of the stored settings, before it is merged into them. */
  adaptPatch?(patch: Json, stored: SettingsOf<F>, shown: Answer<F>): Json;
  /**
   * Checks settings without the database, secrets in clear, and returns them as they are to be stored. `found` holds the
   * errors found before. @throws InvalidSettings with those and its own
   */
  check?(settings: SettingsOf<F>, found: readonly FieldError[]): SettingsOf<F>;
  /** Checks settings by the database, and returns the fields to store differently. @throws InvalidSettings, SettingsConflict */
  beforeSave?(change: SettingsChange, saving: Saving<F>): Promise<Partial<SettingsOf<F>>>;
  /** Stores fields that other tables hold. */
  afterSave?(change: SettingsChange, saving: Saving<F>): Promise<void>;
  /** @throws SettingsConflict if others use the resource and `options` do not allow that */
  beforeRemove?(change: SettingsChange, row: Row<F> & Elsewhere<F>, options: Json): Promise<void>;
  /** Narrows a list, whose alias is `r`. */
  filter?(query: SelectQueryBuilder<ObjectLiteral>, filters: Json): void;
}

/** The dependencies of a part of the snapshot. */
export interface SnapshotDeps {
  readonly kinds: ChannelKinds;
  readonly box: SecretBox;
  /** Called once for each change of a row that cannot be read. */
  readonly onUnreadable: (row: { id: string; name: string }, why: string) => void;
}

/** Loads a resource's part of the settings snapshot, in a transaction that sees one moment. */
export type SnapshotPart = (manager: EntityManager) => Promise<Partial<Settings>>;

/** Sends a test message the way that alerts are sent; a class, so that it is its own injection token. */
export abstract class EndpointTester {
  abstract test(endpoint: Endpoint): Promise<TestResult>;
}

export interface TestResult {
  /** Every target's provider accepted the message. */
  ok: boolean;
  targets: { target: string; ok: boolean; detail: string; providerResponse: string; durationMs: number }[];
}

/** The caller of an act, and its rights. */
export interface ActCaller {
  readonly actor: Actor;
  readonly team: string | null;
  readonly mayManage: boolean;
  /** The team that the request names, or the caller's own. @throws if the caller may not see it */
  oneTeam(named: string | undefined): string;
}

/** The operations of a resource's store that acts use. */
export interface ActStore<F extends Fields> {
  get(ref: Ref): Promise<Answer<F>>;
  copy(actor: Actor, ref: Ref, changes: Json): Promise<Answer<F>>;
  /** Settings checked and not stored, secrets in clear. Masks stand for the secrets of the resource `like`. */
  check(settings: SettingsOf<F>, like?: Ref): Promise<SettingsOf<F>>;
}

export interface ActContext<F extends Fields> {
  readonly store: ActStore<F>;
  readonly kinds: ChannelKinds;
  readonly settings: SettingsSource;
  readonly tester: EndpointTester;
  readonly now: () => Date;
}

/** A route of a resource beside list, create, show, patch and delete. */
export interface Act<F extends Fields = Fields, Body extends z.ZodType = z.ZodType> {
  readonly name: string;
  /** Below the resource's path; `{key}` stands for the id or key. */
  readonly path: string;
  readonly right: 'operate' | 'manage';
  readonly summary: string;
  readonly description?: string;
  readonly status: 200 | 201;
  readonly body: Body;
  readonly bodyRequired: boolean;
  readonly answer: z.ZodType;
  /** Statuses of the errors that its OpenAPI operation names. */
  readonly errors: readonly number[];
  readonly operationId?: string;
  run(context: ActContext<F>, caller: ActCaller, request: { key: string; body: z.output<Body> }): Promise<unknown>;
}

/** A settings resource: its declaration, and what it has beyond that. */
export interface Resource<F extends Fields = Fields> {
  readonly declaration: Declaration<F>;
  readonly entity: EntitySchema<Row<F>>;
  /** Further tables of the resource. */
  readonly tables?: readonly (new () => object)[];
  readonly rules?: (deps: RuleDeps) => Rules<F>;
  readonly snapshot?: (deps: SnapshotDeps) => SnapshotPart;
  readonly acts?: readonly Act<F>[];
}

/** Gives an act its exact types without writing them down. */
export const defineAct = <F extends Fields, Body extends z.ZodType>(act: Act<F, Body>): Act<F> => act as Act<F>;

/** Gives a resource its exact types without writing them down. */
export const defineResource = <F extends Fields>(resource: Resource<F>): Resource<F> => resource;

export { entityOf };
