export { EgressDeniedError, LeaseExpired, NetworkFailure, toNetworkFailure } from './network-failure.js';
export { openTls, trustedAuthorities } from './open-tls.js';
