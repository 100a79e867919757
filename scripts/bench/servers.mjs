import { join } from 'node:path';
import { openDataFolder } from '../../dist/apps/standalone/src/data-folder.js';
import { postgresUrl, startPostgres } from '../../dist/apps/standalone/src/embedded-postgres.js';
import { findRedis } from '../../dist/apps/standalone/src/find-redis.js';
import { freePort } from '../../dist/apps/standalone/src/free-port.js';
import { makePassword } from '../../dist/apps/standalone/src/keys.js';
import { findPostgres } from '../../dist/apps/standalone/src/postgres-binaries.js';
import { redisUrl, startRedis } from '../../dist/apps/standalone/src/private-redis.js';
import { cacheFolders } from '../../dist/apps/standalone/src/repository.js';

/** Redis and PostgreSQL as `npm start` runs them, with data of their own that is thrown away. */
export async function startServers(root) {
  const folder = openDataFolder(join(root, 'data'));
  const program = await findRedis({
    path: process.env.PATH ?? '',
    cacheFolders: cacheFolders(process.env),
    say: console.log,
  });
  const listen = { socket: folder.redisSocket };
  const redis = await startRedis({ program, folder: folder.redis, listen, logFile: join(folder.logs, 'redis.log') });
  const place = {
    binaries: findPostgres(),
    folder: folder.postgres,
    port: await freePort(),
    password: makePassword(),
    logFile: join(folder.logs, 'postgres.log'),
  };
  const postgres = await startPostgres(place).catch(async (error) => {
    await redis.stop();
    throw error;
  });
  return {
    folder,
    redisSocket: folder.redisSocket,
    redisUrl: redisUrl(listen),
    databaseUrl: postgresUrl(place),
    redisVersion: program.version,
    postgresProgram: place.binaries.postgres,
    stop: () => Promise.all([redis.stop(), postgres.stop()]),
  };
}
