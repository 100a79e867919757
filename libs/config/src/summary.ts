import type { Config } from './config.js';
import type { Environment } from './environment.js';
import { variables } from './variables.js';

/** Summary of the configuration for the log: secrets as `set` or `unset`, addresses without credentials. */
export function summarizeConfig(config: Config): Record<string, string | number | boolean> {
  const isSet = (value: unknown): string => (value === undefined ? 'unset' : 'set');
  return {
    listen: `${config.host}:${config.port}`,
    redis: config.redis.kind,
    database: isSet(config.databaseUrl),
    smtp: isSet(config.platform.smtpUrl),
    smtpFrom: config.platform.smtpFrom ?? 'unset',
    dataDir: config.dataDir,
    adminKey: isSet(config.adminKey),
    secretKey: isSet(config.secretKey),
    channels: channelsOf(config),
    concurrency: config.concurrency,
    egressDeny: config.egressDeny.join(',') || 'none',
    trustedProxies: config.trustedProxies.join(',') || 'none',
    lang: config.lang,
    retentionMs: config.retentionMs,
    metricsAuth: config.metricsAuth,
    teamQuota: config.teamQuota,
    allowUnsafeRedis: config.allowUnsafeRedis,
    logLevel: config.logLevel,
    standalone: config.standalone,
  };
}

/** Formats the channels like the variable. */
function channelsOf({ channels }: Config): string {
  if (channels === 'all') return channels;
  return ('except' in channels ? channels.except.map((name) => `-${name}`) : channels).join(',');
}

/** Variables that begin with TOCSIN_ and are unknown, most likely misspelt. */
export const unknownVariables = (env: Environment): string[] =>
  Object.keys(env).filter((name) => name.startsWith('TOCSIN_') && !(name in variables.shape));
