import { expect, it } from 'vitest';
import { createKeyedHash } from './keyed-hash.js';

const key = Buffer.alloc(32, 1);
const names = createKeyedHash(key, 'tests');

it('names the same secret alike in every process, and differently by another key or for another purpose', () => {
  expect(names('secret')).toBe(createKeyedHash(Buffer.from(key), 'tests')('secret'));
  const others = [createKeyedHash(Buffer.alloc(32, 2), 'tests'), createKeyedHash(key, 'others')];
  expect(new Set([names('secret'), names('Secret'), ...others.map((other) => other('secret'))]).size).toBe(4);
});

it('gives names that can stand in a key of Redis', () => {
  expect(names('{a} b\n')).toMatch(/^[\w-]{22}$/);
});
