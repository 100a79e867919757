export { createEgressGuard } from './egress-guard.js';
export type { GuardedAnswer } from './exchange.js';
export { createGuardedHttp, type GuardedHttp, type GuardedHttpOptions, type GuardedRequest } from './guarded-http.js';
export { EgressDeniedError, HttpFailure } from './http-failure.js';
export { createKeyVerifier } from './key-verifier.js';
export { type Principal, ROLES, type Role } from './principal.js';
export { createRedactor, redact } from './redact.js';
export { redactOutcome } from './redact-outcome.js';
export { createSecretBox, type SecretBox, SecretBoxError } from './secret-box.js';
