export * from './connection.js';
export * from './failure.js';
export * from './leader-lock.js';
export * from './memory-watch.js';
export * from './repeat.js';
export * from './scripts/index.js';
