import { LOG_ENTITIES, type TableEntity } from '#libs/persistence';
import * as registry from './registry.js';
import type { Resource } from './resource.js';
import { SettingsVersionEntity } from './tables/settings-version.entity.js';
import { TeamEntity } from './tables/team.entity.js';

export type Registry = typeof registry;

/** Every resource, in the order of the registry's names. */
// biome-ignore lint/suspicious/noExplicitAny: the rules of a resource take and return its own rows, so no type but any fits resources of different fields.
export const resources: readonly Resource<any>[] = Object.values(registry);

/** The entities of all tables, for the data source. */
export const ENTITIES: readonly TableEntity[] = [
  ...LOG_ENTITIES,
  TeamEntity,
  SettingsVersionEntity,
  ...resources.flatMap(({ entity, tables = [] }) => [entity, ...tables]),
];
