export * from './admission-types.js';
export * from './admit.js';
export * from './router.js';
export type { Candidate } from './shard-batch.js';
