export * from './admission-types.js';
export * from './admit.js';
export * from './claim-lua.js';
export * from './router.js';
export { type Candidate, claimHash } from './shard-batch.js';
