export * from './lease.js';
export * from './lease-book.js';
export * from './lease-clock.js';
export * from './lease-events.js';
export * from './run-out.js';
export * from './source-list.js';
