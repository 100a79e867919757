import { expect, it } from 'vitest';
import { AllowedMethods } from './allowed-methods.js';

const methods = new AllowedMethods();
methods.add('/api/v1/policies', ['GET', 'HEAD']);
methods.add('/api/v1/policies', ['POST']);
methods.add('/api/v1/policies/:key', ['PATCH']);
methods.add('/assets/*', ['GET']);
methods.add('/openapi.json', ['GET']);

it.each([
  ['/api/v1/policies', ['GET', 'HEAD', 'POST']],
  ['/api/v1/policies?limit=1', ['GET', 'HEAD', 'POST']],
  ['/api/v1/policies/a%2Fb', ['PATCH']],
  ['/api/v1/policies/', []],
  ['/api/v1/policies/a/b', []],
  ['/assets/a/b.js', ['GET']],
  ['/openapixjson', []],
  ['/', []],
])('returns the methods of %s', (url, expected) => {
  expect(methods.at(url)).toEqual(expected);
});
