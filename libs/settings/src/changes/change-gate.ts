import type { EntityManager } from 'typeorm';
import type { Database } from '#libs/persistence';
import { fieldError } from '#libs/validation';
import { TeamEntity } from '../tables/team.entity.js';
import type { Actor } from './actor.js';
import { InvalidSettings } from './settings-errors.js';

declare const fromGate: unique symbol;

/**
 * A change of settings in progress. Functions that write settings ask for it instead of an entity manager: only the
 * gate makes one, and only for an actor.
 */
export interface SettingsChange {
  readonly [fromGate]: true;
  readonly manager: EntityManager;
  readonly actor: Actor;
  /** The version of the settings that the change leads to. */
  readonly version: number;
  readonly now: Date;
  /** Reports one change of one resource to the {@link ChangeRecorder}. */
  record(what: Changed): Promise<void>;
}

export interface Changed {
  readonly act: 'create' | 'change' | 'delete' | 'seal';
  /** The name of the resource: `endpoints`. */
  readonly resource: string;
  readonly id: string;
  readonly team: string;
}

/**
 * The hook of the audit log: called within the transaction of each change, so that a change and its record are
 * committed together. No recorder is set yet.
 */
export type ChangeRecorder = (manager: EntityManager, change: Changed & { actor: Actor; at: Date }) => Promise<void>;

export interface GateDeps {
  readonly database: Pick<Database, 'transaction'>;
  readonly now?: () => Date;
  readonly recorder?: ChangeRecorder;
  /** Called after the commit, so that a change is in force in this process before its caller gets the answer. */
  readonly reload?: () => Promise<unknown>;
}

/**
 * Runs a change of settings. The change holds the row of the version from its first statement on, so changes run one
 * after the other: values that a change has read stay valid until it writes, and versions grow in the order of commits.
 */
export async function changeSettings<T>(
  deps: GateDeps,
  actor: Actor,
  work: (change: SettingsChange) => Promise<T>,
): Promise<T> {
  const result = await deps.database.transaction(async (manager) => work(await openChange(manager, deps, actor)));
  await deps.reload?.();
  return result;
}

/** Begins a change in a transaction of the caller's. */
export async function openChange(
  manager: EntityManager,
  { now = () => new Date(), recorder }: Pick<GateDeps, 'now' | 'recorder'>,
  actor: Actor,
): Promise<SettingsChange> {
  const [rows] = await manager.query<[{ version: string }[], number]>(
    'UPDATE settings_version SET version = version + 1 RETURNING version',
  );
  const at = now();
  return {
    manager,
    actor,
    version: Number(rows[0]?.version),
    now: at,
    record: async (what) => recorder?.(manager, { ...what, actor, at }),
  } as SettingsChange;
}

/** @throws InvalidSettings if the team does not exist */
export async function requireTeam(manager: EntityManager, key: string): Promise<void> {
  if (await manager.existsBy(TeamEntity, { key })) return;
  throw new InvalidSettings([fieldError(['team'], 'names no team that is there')]);
}
