import type { Config } from './config.js';
import { ConfigError } from './config-error.js';

/** Configuration with all values that an API or worker process needs. */
export type ServerConfig = Config & { readonly databaseUrl: string; readonly secretKey: Buffer };

/** Requires the values that a process outside the standalone mode needs. @throws ConfigError naming missing variables */
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
