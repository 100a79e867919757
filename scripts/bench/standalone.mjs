// The only file of the bench that imports from the built programs of `npm start`: Redis, PostgreSQL and processes.
// They are always those of the present tree, also where the bench runs the build of another commit.
export { openDataFolder } from '../../dist/apps/standalone/src/data-folder.js';
export { postgresUrl, startPostgres } from '../../dist/apps/standalone/src/embedded-postgres.js';
export { findRedis } from '../../dist/apps/standalone/src/find-redis.js';
export { freePort } from '../../dist/apps/standalone/src/free-port.js';
export { makeAdminKey, makePassword, makeSecretKey } from '../../dist/apps/standalone/src/keys.js';
export { findPostgres } from '../../dist/apps/standalone/src/postgres-binaries.js';
export { redisUrl, startRedis } from '../../dist/apps/standalone/src/private-redis.js';
export { cacheFolders } from '../../dist/apps/standalone/src/repository.js';
export { startServer } from '../../dist/apps/standalone/src/server-process.js';
