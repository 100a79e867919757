export { createProxyTrust } from './client-address.js';
export { createWrongKeyCount, type WrongKeyCount } from './wrong-key-count.js';
export { type KeyRefusal, type WrongKeyLimits, WrongKeys, type WrongKeysDeps } from './wrong-keys.js';
