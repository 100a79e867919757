export * from './connection/connection.js';
export * from './connection/failure.js';
export * from './leader-lock/leader-lock.js';
export * from './memory/memory-marks.js';
export * from './memory/memory-watch.js';
export * from './repeat.js';
export * from './scripts/index.js';
