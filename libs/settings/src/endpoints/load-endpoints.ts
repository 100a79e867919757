import type { Endpoint } from '#libs/contracts';
import type { SnapshotDeps, SnapshotPart } from '../resource.js';
import { openSecrets } from '../secrets/index.js';
import { EndpointEntity } from './endpoint.entity.js';
import { unusableEndpoint, usableEndpoint } from './usable-endpoint.js';

/**
 * Loads all endpoints. An endpoint that has not changed stays the same object, so that its config is decrypted once
 * and readers may compare by identity.
 */
export function loadEndpoints(deps: SnapshotDeps): SnapshotPart {
  const cache = new Map<string, { changedIn: number; endpoint: Endpoint }>();
  const toEndpoint = (row: EndpointEntity): Endpoint => {
    const known = cache.get(row.id);
    if (known?.changedIn === row.changedIn) return known.endpoint;
    const endpoint = readEndpoint(row, deps);
    cache.set(row.id, { changedIn: row.changedIn, endpoint });
    return endpoint;
  };
  return async (manager) => {
    const rows = await manager.find(EndpointEntity);
    const endpoints = new Map(rows.map((row) => [row.id, toEndpoint(row)]));
    for (const id of cache.keys()) if (!endpoints.has(id)) cache.delete(id);
    return { endpoints };
  };
}

/** An endpoint that cannot be read does not affect the others. While it is enabled, its deliveries wait. */
function readEndpoint(row: EndpointEntity, { kinds, box, onUnreadable }: SnapshotDeps): Endpoint {
  try {
    const kind = kinds.find(row.channel);
    if (!kind) throw new Error(`the channel ${row.channel} is not known here`);
    const owner = { noun: 'endpoint', id: row.id, unnamed: 'config' };
    const { config } = openSecrets({ config: row.config }, { config: kind.config }, owner, box);
    return usableEndpoint(row, kind, kind.config.parse(config) as Record<string, unknown>);
  } catch (error) {
    const unreadable = whyUnreadable(error);
    onUnreadable(row, unreadable);
    return row.enabled ? { ...unusableEndpoint(row), unreadable } : unusableEndpoint(row);
  }
}

/** The reason; of a failed parse only the fields, since the values around them may be secrets. */
function whyUnreadable(error: unknown): string {
  const issues = (error as { issues?: { path: PropertyKey[] }[] }).issues?.map((issue) => issue.path.join('.'));
  return issues ? `its config does not fit at ${issues.join(', ')}` : (error as Error).message;
}
