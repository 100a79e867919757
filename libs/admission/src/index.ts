export * from './admission-types.js';
export * from './admit.js';
export * from './router.js';
