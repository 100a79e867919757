export * from './access-tokens/access-token-store.js';
export * from './access-tokens/shared-access-tokens.js';
export { createEgressGuard } from './egress/egress-guard.js';
export { createGuardedSockets, type GuardedSockets, type GuardedSocketsOptions } from './egress/guarded-sockets.js';
export {
  createGuardedHttp,
  type GuardedHttp,
  type GuardedHttpOptions,
  type GuardedRequest,
} from './http/guarded-http.js';
export type { GuardedAnswer } from './http/http-exchange.js';
export * from './outlet.js';
