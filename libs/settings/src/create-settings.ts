import type { Database, Log } from '#libs/persistence';
import type { SnapshotDeps } from './resource.js';
import { resources } from './resources.js';
import { SettingsReload } from './snapshot/reload-settings.js';

export interface SettingsDeps extends Omit<SnapshotDeps, 'onUnreadable'> {
  readonly database: Database;
  readonly log: Log;
}

/** The settings of a process, of all resources. */
export function createSettings({ database, log, ...deps }: SettingsDeps): SettingsReload {
  const onUnreadable: SnapshotDeps['onUnreadable'] = ({ id, name }, why) =>
    log.error(
      { endpointId: id, endpointName: name, why },
      'an endpoint cannot be read: no event is accepted for it, and its deliveries wait',
    );
  const parts = resources.flatMap(({ snapshot }) => snapshot?.({ ...deps, onUnreadable }) ?? []);
  return new SettingsReload({ database, log, parts });
}
