import { availableParallelism } from 'node:os';
import { resolve } from 'node:path';
import { durationMs } from '#libs/contracts';
import { ConfigError } from './config-error.js';
import { defaultEgressDeny } from './egress-deny.js';
import { type Environment, readEnvironment } from './environment.js';
import type { RedisAddress } from './redis-address.js';
import { SECRET_VARIABLES, variables } from './variables.js';

/** The validated configuration of a process. */
export interface Config {
  readonly host: string;
  readonly port: number;
  readonly redis: RedisAddress;
  readonly databaseUrl: string | undefined;
  /** Defaults for endpoints that leave these settings out. */
  readonly platform: { readonly smtpUrl?: string; readonly smtpFrom?: string };
  /** Absolute path. */
  readonly dataDir: string;
  readonly adminKey: string | undefined;
  readonly secretKey: Buffer | undefined;
  /** Channels that a worker process serves, or those it excludes. */
  readonly channels: readonly string[] | 'all' | { readonly except: readonly string[] };
  /** Deliveries in flight per worker process and channel. */
  readonly concurrency: number;
  /** CIDR ranges that no delivery may reach. */
  readonly egressDeny: readonly string[];
  /** CIDR ranges of proxies whose `X-Forwarded-For` and `X-Forwarded-Proto` count. */
  readonly trustedProxies: readonly string[];
  readonly lang: 'en' | 'zh-CN';
  readonly retentionMs: number;
  /** /metrics requires a key. */
  readonly metricsAuth: boolean;
  /** Events a minute and team; 0 means no quota. */
  readonly teamQuota: number;
  /** Accept events although the Redis configuration may lose them. */
  readonly allowUnsafeRedis: boolean;
  readonly logLevel: string;
  /** Worker processes that the standalone mode starts. */
  readonly workers: number;
  /** Set by the supervisor of `npm start` for the processes it starts. */
  readonly standalone: boolean;
}

const CONCURRENCY_DEFAULT = 200;
const RETENTION_DEFAULT = '30d';

/** Reads and validates all variables. @throws ConfigError listing every invalid one */
export function loadConfig(env: Environment = readEnvironment()): Config {
  const set = Object.entries(env).flatMap(([name, value]) => {
    const text = value?.trim();
    return name in variables.shape && text ? [[name, text]] : [];
  });
  const result = variables.safeParse(Object.fromEntries(set));
  if (!result.success) throw new ConfigError(result.error.issues.map((issue) => describeIssue(issue, env)));
  const value = result.data;
  const standalone = value.TOCSIN_STANDALONE ?? false;
  return Object.freeze({
    host: value.HOST ?? '127.0.0.1',
    port: value.PORT ?? 8080,
    redis: Object.freeze(value.REDIS_URL ?? { kind: 'private' as const }),
    databaseUrl: value.DATABASE_URL,
    platform: Object.freeze({
      ...(value.SMTP_URL === undefined ? {} : { smtpUrl: value.SMTP_URL }),
      ...(value.SMTP_FROM === undefined ? {} : { smtpFrom: value.SMTP_FROM }),
    }),
    dataDir: resolve(value.TOCSIN_DATA_DIR ?? '.tocsin'),
    adminKey: value.TOCSIN_ADMIN_KEY,
    secretKey: value.TOCSIN_SECRET_KEY,
    channels: Object.freeze(value.TOCSIN_CHANNELS ?? 'all'),
    concurrency: value.TOCSIN_CONCURRENCY ?? CONCURRENCY_DEFAULT,
    egressDeny: Object.freeze(value.TOCSIN_EGRESS_DENY ?? defaultEgressDeny(standalone)),
    trustedProxies: Object.freeze(value.TOCSIN_TRUSTED_PROXIES ?? []),
    lang: value.TOCSIN_LANG ?? 'en',
    retentionMs: value.TOCSIN_RETENTION ?? durationMs(RETENTION_DEFAULT),
    metricsAuth: value.TOCSIN_METRICS_AUTH ?? false,
    teamQuota: value.TOCSIN_TEAM_QUOTA ?? 0,
    allowUnsafeRedis: value.TOCSIN_ALLOW_UNSAFE_REDIS ?? false,
    logLevel: value.TOCSIN_LOG_LEVEL ?? 'info',
    workers: value.TOCSIN_WORKERS ?? Math.max(1, Math.floor(availableParallelism() / 2)),
    standalone,
  });
}

function describeIssue(issue: { path: PropertyKey[]; message: string }, env: Environment): string {
  const name = String(issue.path[0]);
  const given = SECRET_VARIABLES.has(name) ? '' : ` (it is ${JSON.stringify(env[name])})`;
  return `${name} must be ${issue.message}${given}`;
}
