/** One server of a Sentinel or Cluster address list. */
export interface RedisNode {
  host: string;
  port: number;
}

/** Address of Redis. `private` is the Redis that the standalone mode runs. */
export type RedisAddress =
  | { kind: 'private' }
  | { kind: 'single'; url: string }
  | {
      kind: 'sentinel';
      nodes: RedisNode[];
      name: string;
      username?: string;
      password?: string;
      db?: number;
      tls: boolean;
    }
  | { kind: 'cluster'; nodes: RedisNode[]; username?: string; password?: string; tls: boolean };

export const REDIS_URL_FORMS =
  'redis://[user:pass@]host:port[/db], rediss://…, unix:///path/to/socket, ' +
  'redis-sentinel://[user:pass@]host:port,host:port/mastername[?db=0] or redis-cluster://[user:pass@]host:port,host:port ' +
  '(rediss-sentinel:// and rediss-cluster:// for TLS)';

/** Parses a REDIS_URL; undefined if it has none of the allowed forms. */
export function parseRedisUrl(text: string): RedisAddress | undefined {
  const scheme = /^([a-z-]+):\/\//.exec(text)?.[1];
  switch (scheme) {
    case 'redis':
    case 'rediss':
      return isSingleUrl(text) ? { kind: 'single', url: text } : undefined;
    case 'unix':
      return /^unix:\/\/\/[^?#]+(\?[^#]*)?$/.test(text) ? { kind: 'single', url: text } : undefined;
    case 'redis-sentinel':
    case 'rediss-sentinel':
      return parseSentinel(text, scheme.startsWith('rediss'));
    case 'redis-cluster':
    case 'rediss-cluster':
      return parseCluster(text, scheme.startsWith('rediss'));
    default:
      return undefined;
  }
}

function isSingleUrl(text: string): boolean {
  if (!URL.canParse(text)) return false;
  const url = new URL(text);
  return url.hostname !== '' && /^(\/\d{0,4})?$/.test(url.pathname);
}

function parseSentinel(text: string, tls: boolean): RedisAddress | undefined {
  const list = parseNodeList(text);
  if (!list || !/^\/[A-Za-z0-9._-]+$/.test(list.path)) return undefined;
  const db = /^(?:\?db=(\d{1,4}))?$/.exec(list.query);
  if (!db) return undefined;
  const { nodes, credentials } = list;
  return {
    kind: 'sentinel',
    nodes,
    name: list.path.slice(1),
    ...credentials,
    ...(db[1] === undefined ? {} : { db: Number(db[1]) }),
    tls,
  };
}

function parseCluster(text: string, tls: boolean): RedisAddress | undefined {
  const list = parseNodeList(text);
  if (!list || (list.path !== '' && list.path !== '/') || list.query !== '') return undefined;
  return { kind: 'cluster', nodes: list.nodes, ...list.credentials, tls };
}

interface NodeList {
  credentials: { username?: string; password?: string };
  nodes: RedisNode[];
  path: string;
  query: string;
}

/** Parses a list of hosts, which `URL` cannot; a password may hold `@` if it is percent-encoded. */
function parseNodeList(text: string): NodeList | undefined {
  const match = /^[a-z-]+:\/\/(?:([^@/]*)@)?([^@/?]+)(\/[^?]*)?(\?.*)?$/.exec(text);
  if (!match) return undefined;
  const nodes = match[2]?.split(',').map(parseNode) ?? [];
  const credentials = parseCredentials(match[1]);
  if (!credentials || nodes.some((node) => node === undefined)) return undefined;
  return { credentials, nodes: nodes as RedisNode[], path: match[3] ?? '', query: match[4] ?? '' };
}

function parseNode(text: string): RedisNode | undefined {
  const match = /^(\[[0-9a-fA-F:.]+\]|[A-Za-z0-9._-]+):(\d{1,5})$/.exec(text.trim());
  const port = Number(match?.[2]);
  if (!match?.[1] || port < 1 || port > 65_535) return undefined;
  return { host: match[1].replace(/^\[|\]$/g, ''), port };
}

function parseCredentials(text: string | undefined): NodeList['credentials'] | undefined {
  if (!text) return {};
  const colon = text.indexOf(':');
  if (colon < 0) return undefined;
  try {
    const username = decodeURIComponent(text.slice(0, colon));
    const password = decodeURIComponent(text.slice(colon + 1));
    return { ...(username ? { username } : {}), ...(password ? { password } : {}) };
  } catch {
    return undefined;
  }
}
