import { expect, it } from 'vitest';
import { createKeyVerifier } from './key-verifier.js';

it('accepts the administrator key and no other', () => {
  const verify = createKeyVerifier('the key');
  expect(verify('the key')).toEqual({ keyName: 'admin', role: 'platform-admin', team: null });
  for (const other of ['', 'the', 'the key ', 'The key', 'x'.repeat(100_000)]) expect(verify(other)).toBeUndefined();
});

it('refuses an empty administrator key', () => {
  expect(() => createKeyVerifier('')).toThrow(/must not be empty/);
});
