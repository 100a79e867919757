import { type EntityManager, MoreThan } from 'typeorm';
import type { Endpoint, Policy, Settings } from '#libs/contracts';
import type { ChannelKinds } from '../endpoints/channel-kinds.js';
import { openConfig, type SecretBox } from '../endpoints/sealed-config.js';
import { unusableEndpoint, usableEndpoint } from '../endpoints/usable-endpoint.js';
import {
  EndpointEntity,
  FormerLinkEntity,
  PolicyEntity,
  PolicyLinkEntity,
  SettingsVersionEntity,
} from '../entities/index.js';
import { FORMER_LINK_DAYS } from '../policies/former-links.js';

export interface LoadDeps {
  kinds: ChannelKinds;
  box: SecretBox;
  /** Hears of an endpoint that cannot be used, once for each change of it. */
  onBroken: (endpoint: EndpointEntity, error: unknown) => void;
}

/** What was made of a row, to be used again until the row changes: equal endpoints stay the same object. */
export type EndpointCache = Map<string, { changedIn: number; endpoint: Endpoint }>;

export async function readVersion(manager: EntityManager): Promise<number> {
  const row = await manager.findOneByOrFail(SettingsVersionEntity, {});
  return row.version;
}

/** All settings of one moment; call it in a transaction that sees one. */
export async function loadSettings(manager: EntityManager, deps: LoadDeps, cache: EndpointCache): Promise<Settings> {
  const version = await readVersion(manager);
  const rows = await manager.find(EndpointEntity);
  const policies = await manager.find(PolicyEntity, { order: { team: 'ASC', key: 'ASC' } });
  const links = await manager.find(PolicyLinkEntity, { order: { position: 'ASC' } });
  const kept = new Date(Date.now() - FORMER_LINK_DAYS * 86_400_000);
  const formerLinks = await manager.find(FormerLinkEntity, { where: { removedAt: MoreThan(kept) } });

  const endpoints = new Map(rows.map((row) => [row.id, toEndpoint(row, deps, cache)]));
  for (const id of cache.keys()) if (!endpoints.has(id)) cache.delete(id);
  const exists = (id: string) => endpoints.has(id);
  return {
    version,
    endpoints,
    policies: policies.map(toPolicy(links)),
    formerLinks: formerLinks
      .map(({ policyKey, team, match, endpointIds }) => ({
        policyKey,
        team,
        match,
        endpointIds: endpointIds.filter(exists),
      }))
      .filter(({ endpointIds }) => endpointIds.length > 0),
  };
}

function toPolicy(links: readonly PolicyLinkEntity[]): (row: PolicyEntity) => Policy {
  const byPolicy = Map.groupBy(links, (link) => `${link.team}\0${link.policyKey}`);
  return ({ key, name, team, match, enabled }) => ({
    key,
    name,
    team,
    endpointIds: (byPolicy.get(`${team}\0${key}`) ?? []).map((link) => link.endpointId),
    match,
    enabled,
  });
}

function toEndpoint(row: EndpointEntity, deps: LoadDeps, cache: EndpointCache): Endpoint {
  const known = cache.get(row.id);
  if (known?.changedIn === row.changedIn) return known.endpoint;
  const endpoint = readEndpoint(row, deps);
  cache.set(row.id, { changedIn: row.changedIn, endpoint });
  return endpoint;
}

/** One that cannot be read must not take the others with it. While it is enabled, what waits for it waits on. */
function readEndpoint(row: EndpointEntity, deps: LoadDeps): Endpoint {
  try {
    const kind = deps.kinds.find(row.channel);
    if (!kind) throw new Error(`the channel ${row.channel} is not known here`);
    const sealed = { endpointId: row.id, schema: kind.config, config: row.config };
    const config = kind.config.parse(openConfig(sealed, deps.box));
    return usableEndpoint(row, kind, config as Record<string, unknown>);
  } catch (error) {
    deps.onBroken(row, error);
    return row.enabled ? { ...unusableEndpoint(row), unreadable: whyUnreadable(error) } : unusableEndpoint(row);
  }
}

/** Of a failed parse only the places: the values around them may be secrets. */
export function whyUnreadable(error: unknown): string {
  const issues = (error as { issues?: { path: PropertyKey[] }[] }).issues?.map((issue) => issue.path.join('.'));
  return issues ? `its config does not fit at ${issues.join(', ')}` : (error as Error).message;
}
