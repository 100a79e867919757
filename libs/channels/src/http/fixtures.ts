import type { SuiteFixtures } from '../../test/channel-suite.js';
import { SIGNING_SECRET, startFakeProvider } from './fake-provider.js';

export const fixtures: SuiteFixtures = {
  config: (baseUrl) => ({
    url: `${baseUrl}/alerts?token=in-the-query`,
    headers: { Authorization: 'Bearer hunter22', 'content-type': 'application/vnd.acme+json', 'X-Key': 'k-12345678' },
    signingSecret: SIGNING_SECRET,
    timeout: '2s',
  }),
  refused: [
    { config: () => ({ url: 'ftp://example.com/' }), field: 'url' },
    { config: () => ({ url: 'http://{{ object }}/' }), field: 'url' },
    { config: (url) => ({ url, method: 'GET' }), field: 'method' },
    { config: (url) => ({ url, headers: { Host: 'a' } }), field: 'headers.Host' },
    { config: (url) => ({ url, headers: { a: 'b\nc: d' } }), field: 'headers.a' },
    { config: (url) => ({ url, headers: { a: 1 } }), field: 'headers.a' },
    { config: (url) => ({ url, signingSecret: 'whsec_short' }), field: 'signingSecret' },
    { config: (url) => ({ url, caCert: 'no certificate' }), field: 'caCert' },
    { config: (url) => ({ url, timeout: '61s' }), field: 'timeout' },
    { config: (url) => ({ url, timeout: '0s' }), field: 'timeout' },
    { config: (url) => ({ url, timeout: 'soon' }), field: 'timeout' },
  ],
  secretPaths: ['headers.*', 'signingSecret'],
  start: startFakeProvider,
  outcomes: {
    delivered: { kind: 'delivered', code: '200', excerpt: 'thanks' },
    partial: 'a receiver accepts a message as a whole or not at all',
    rejected: { kind: 'rejected', code: '400' },
    misconfigured: { kind: 'misconfigured', code: '401' },
    throttled: { kind: 'throttled', code: '429', retryAfterMs: 7_000 },
    unavailable: { kind: 'unavailable', code: '503', retryAfterMs: 90_000 },
    unknown: { kind: 'unknown', code: 'ABORTED' },
  },
};
