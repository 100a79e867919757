export * from './databases.js';
export * from './debian-programs.js';
export * from './redis-monitor.js';
export * from './servers.js';
export * from './start-postgres.js';
export * from './start-process.js';
export * from './start-redis.js';
export * from './wait-for.js';
