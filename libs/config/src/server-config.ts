import type { Config } from './config.js';
import { ConfigError } from './config-error.js';

/** A Config in which everything is there that a process of the system needs. */
export type ServerConfig = Config & { readonly databaseUrl: string; readonly secretKey: Buffer };

/** Processes started by themselves bring nothing of their own: what they need must be set. */
export function requireServerConfig(config: Config, process: 'worker'): ServerConfig;
export function requireServerConfig(config: Config, process: 'api'): ServerConfig & { readonly adminKey: string };
export function requireServerConfig(config: Config, process: 'api' | 'worker'): ServerConfig {
  const missing = [
    ...(config.redis.kind === 'private' ? ['REDIS_URL'] : []),
    ...(config.databaseUrl === undefined ? ['DATABASE_URL'] : []),
    ...(config.secretKey === undefined ? ['TOCSIN_SECRET_KEY'] : []),
    ...(process === 'api' && config.adminKey === undefined ? ['TOCSIN_ADMIN_KEY'] : []),
  ];
  if (missing.length > 0) {
    throw new ConfigError(
      missing.map((name) => `${name} must be set for the ${process} process (npm start sets it by itself)`),
    );
  }
  return config as ServerConfig;
}
