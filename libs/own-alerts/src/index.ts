export * from './endpoint-trouble.js';
export * from './episode.js';
export * from './episode-book.js';
export * from './log-trouble.js';
export * from './redis-trouble.js';
export * from './tell.js';
export * from './trouble.js';
