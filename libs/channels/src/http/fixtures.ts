import type { HttpFixtures } from '../../test/http-contract.js';

/** From the specification: https://github.com/standard-webhooks/standard-webhooks */
export const SIGNING_SECRET = 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw';

export const fixtures: HttpFixtures = {
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
  answers: [
    { behaviour: { status: 200, body: 'thanks' }, expect: { kind: 'delivered', code: '200', excerpt: 'thanks' } },
    { behaviour: { status: 204 }, expect: { kind: 'delivered', code: '204' } },
    { behaviour: { status: 302, headers: { location: 'http://127.0.0.1:1/' } }, expect: { kind: 'misconfigured' } },
    { behaviour: { status: 400, body: 'bad' }, expect: { kind: 'rejected', code: '400', excerpt: 'bad' } },
    { behaviour: { status: 401 }, expect: { kind: 'misconfigured' } },
    { behaviour: { status: 404 }, expect: { kind: 'misconfigured' } },
    { behaviour: { status: 408 }, expect: { kind: 'unavailable' } },
    { behaviour: { status: 429, headers: { 'retry-after': '7' } }, expect: { kind: 'throttled', retryAfterMs: 7_000 } },
    {
      behaviour: { status: 503, headers: { 'Retry-After': 'Fri, 20 Nov 2026 08:01:30 GMT' } },
      expect: { kind: 'unavailable', code: '503', retryAfterMs: 90_000 },
    },
    { behaviour: 'hang', expect: { kind: 'unknown', code: 'TIMEOUT' } },
  ],
};
