import { expect, it } from 'vitest';
import { tlsWords } from './tls-error-text.js';

it.each([
  ['ERR_SSL_WRONG_VERSION_NUMBER', /does not speak TLS on this port/],
  ['DEPTH_ZERO_SELF_SIGNED_CERT', /`caCert`/],
  ['UNABLE_TO_GET_ISSUER_CERT_LOCALLY', /`caCert`/],
  ['CERT_HAS_EXPIRED', /expired/],
  ['ERR_TLS_CERT_ALTNAME_INVALID', /^as it was said$/],
  ['ECONNREFUSED', /^as it was said$/],
])('%s is told in words that help', (code, words) => {
  expect(tlsWords(code, 'as it was said')).toMatch(words);
});
