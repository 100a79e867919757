import { Cluster, type ClusterOptions, Redis, type RedisOptions } from 'ioredis';
import type { RedisAddress } from '#libs/config';

/** One server, Sentinel or Cluster: the methods in use exist on both classes. */
export type RedisClient = Redis | Cluster;

/**
 * `answer`: for requests somebody waits for. Commands fail at once while Redis is away, so that the caller can say so.
 * `work`: for background work. Commands wait for Redis and are sent again after a lost connection; every script the
 * project sends this way may run twice.
 */
export type ConnectionPurpose = 'answer' | 'work';

const RECONNECT_MS_MAX = 500;
const COMMAND_TIMEOUT_MS = 5_000;
/**
 * Time without data after which a connection with commands in flight is replaced. A Redis that is killed during a rewrite
 * leaves its connections to the process that rewrites, which answers nothing; a machine that is gone closes none.
 * An idle worker waits 50 s for a job, and its connection is silent meanwhile.
 */
const SILENCE_MS = { answer: COMMAND_TIMEOUT_MS, work: 75_000 };

const reconnectDelay = (times: number): number => Math.min(20 * 2 ** Math.min(times, 5), RECONNECT_MS_MAX);

function commonOptions(purpose: ConnectionPurpose): RedisOptions {
  const answering = purpose === 'answer';
  return {
    retryStrategy: reconnectDelay,
    maxRetriesPerRequest: answering ? 0 : null,
    enableOfflineQueue: !answering,
    autoResendUnfulfilledCommands: !answering,
    ...(answering ? { commandTimeout: COMMAND_TIMEOUT_MS } : {}),
    connectTimeout: 5_000,
    socketTimeout: SILENCE_MS[purpose],
    // A promoted replica or a full disk answers READONLY; reconnecting finds the new master.
    reconnectOnError: (error) => (error.message.startsWith('READONLY') ? 2 : false),
  };
}

/** Connection options for BullMQ, which opens and owns its connections. */
export function redisOptions(address: RedisAddress, purpose: ConnectionPurpose): RedisOptions {
  const common = commonOptions(purpose);
  switch (address.kind) {
    case 'single':
      return { ...common, ...urlOptions(address.url) };
    case 'sentinel':
      return {
        ...common,
        sentinels: [...address.nodes],
        name: address.name,
        username: address.username,
        password: address.password,
        db: address.db,
        sentinelRetryStrategy: reconnectDelay,
        ...(address.tls ? { tls: {}, enableTLSForSentinelMode: true } : {}),
      };
    case 'cluster':
      throw new Error('a Redis Cluster has no options of a single connection; use createRedis');
    case 'private':
      throw new Error('the private Redis has no address yet; the supervisor sets REDIS_URL for its processes');
  }
}

/** A connected client. Errors are reported to `onError` and never thrown out of band. */
export function createRedis(
  address: RedisAddress,
  purpose: ConnectionPurpose,
  onError: (error: Error) => void = () => {},
): RedisClient {
  const client =
    address.kind === 'cluster' ? createCluster(address, purpose) : new Redis(redisOptions(address, purpose));
  client.on('error', onError);
  return client;
}

/** The servers that hold data. */
export const nodesOf = (redis: RedisClient): Redis[] => (redis instanceof Redis ? [redis] : redis.nodes('master'));

function createCluster(address: Extract<RedisAddress, { kind: 'cluster' }>, purpose: ConnectionPurpose): Cluster {
  const { retryStrategy, enableOfflineQueue, ...redis } = commonOptions(purpose);
  const options: ClusterOptions = {
    clusterRetryStrategy: reconnectDelay,
    enableOfflineQueue,
    redisOptions: {
      ...redis,
      username: address.username,
      password: address.password,
      ...(address.tls ? { tls: {} } : {}),
    },
  };
  return new Cluster([...address.nodes], options);
}

function urlOptions(text: string): RedisOptions {
  const url = new URL(text);
  if (url.protocol === 'unix:') return { path: decodeURIComponent(url.pathname) };
  return {
    host: url.hostname.replace(/^\[|\]$/g, ''),
    port: url.port ? Number(url.port) : 6379,
    username: decodeURIComponent(url.username) || undefined,
    password: decodeURIComponent(url.password) || undefined,
    db: Number(url.pathname.slice(1)) || 0,
    ...(url.protocol === 'rediss:' ? { tls: {} } : {}),
  };
}
