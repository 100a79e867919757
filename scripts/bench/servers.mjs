import { join } from 'node:path';
import {
  cacheFolders,
  findPostgres,
  findRedis,
  freePort,
  makePassword,
  openDataFolder,
  postgresUrl,
  redisUrl,
  startPostgres,
  startRedis,
} from './standalone.mjs';

/** Redis and PostgreSQL as `npm start` runs them, with new data in `root` that the bench removes at its end. */
export async function startServers(root) {
  const folder = openDataFolder(join(root, 'data'));
  const program = await findRedis({
    path: process.env.PATH ?? '',
    cacheFolders: cacheFolders(process.env),
    say: console.log,
  });
  const listen = { socket: folder.redisSocket };
  const redis = await startRedis({ program, folder: folder.redis, listen, logFile: join(folder.logs, 'redis.log') });
  const settings = {
    binaries: findPostgres(),
    folder: folder.postgres,
    port: await freePort(),
    password: makePassword(),
    logFile: join(folder.logs, 'postgres.log'),
  };
  const postgres = await startPostgres(settings).catch(async (error) => {
    await redis.stop();
    throw error;
  });
  return {
    folder,
    redisSocket: folder.redisSocket,
    redisUrl: redisUrl(listen),
    redisPid: redis.pid,
    databaseUrl: postgresUrl(settings),
    postgresPid: postgres.pid,
    redisVersion: program.version,
    postgresProgram: settings.binaries.postgres,
    stop: () => Promise.all([redis.stop(), postgres.stop()]),
  };
}
