import { expect, it } from 'vitest';
import { createKeyedHash } from './keyed-hash.js';

const key = Buffer.alloc(32, 1);
const names = createKeyedHash(key, 'tests');

it('a secret has one name in every process, and another for another key or purpose', () => {
  expect(names('secret')).toBe(createKeyedHash(Buffer.from(key), 'tests')('secret'));
  const others = [createKeyedHash(Buffer.alloc(32, 2), 'tests'), createKeyedHash(key, 'others')];
  expect(new Set([names('secret'), names('Secret'), ...others.map((other) => other('secret'))]).size).toBe(4);
});

it('names are valid in a Redis key', () => {
  expect(names('{a} b\n')).toMatch(/^[\w-]{22}$/);
});
