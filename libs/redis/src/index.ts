export * from './connection.js';
export * from './failure.js';
export * from './script.js';
export * from './watch.js';
