export { createEgressGuard } from './egress-guard.js';
export type { GuardedAnswer } from './exchange.js';
export { createGuardedHttp, type GuardedHttp, type GuardedHttpOptions, type GuardedRequest } from './guarded-http.js';
export { createGuardedSockets, type GuardedSockets, type GuardedSocketsOptions } from './guarded-sockets.js';
export { EgressDeniedError, NetworkFailure } from './network-failure.js';
export * from './outlet.js';
export * from './shared-tokens.js';
export * from './token-store.js';
