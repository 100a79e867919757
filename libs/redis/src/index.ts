export * from './connection.js';
export * from './script.js';
export * from './failure.js';
