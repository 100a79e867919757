import { expect, it } from 'vitest';
import { tlsErrorText } from './tls-error-text.js';

it.each([
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not use TLS on this port/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /`caCert`/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /`caCert`/],
  ['CERT_HAS_EXPIRED', /expired/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /^the original message$/],
  ['ECONNREFUSED', /^the original message$/],
])('%s gets a text that says what to do, if its own does not', (code, text) => {
  expect(tlsErrorText(code, 'the original message')).toMatch(text);
});
