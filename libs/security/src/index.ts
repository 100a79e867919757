export { generateKey, isGeneratedKey } from './generated-key.js';
export { createKeyVerifier } from './key-verifier.js';
export { createKeyedHash } from './keyed-hash.js';
export { type Principal, ROLES, type Role } from './principal.js';
export { createRedactor, redact } from './redact.js';
export { redactOutcome } from './redact-outcome.js';
export { createSecretBox, createUnboundOpener, type SecretBox, SecretBoxError } from './secret-box.js';
