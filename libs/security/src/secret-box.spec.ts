import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSecretBox, createUnboundOpener, SecretBoxError } from './secret-box.js';

const key = randomBytes(32);
const box = createSecretBox(key);
/** Sealed by the first version, with a key of zeros. */
const UNBOUND = 'v1:3321e25c:dL4bErlQz10xufQeCP-ICXK3VvS-IGwlL5R9SUelPvYk0NK_Cl1SG0M_1a6aKeVlVq0fME5pbrI';

it.each(['', 'a', 'päss wörd 密码', 'x'.repeat(100_000), '********', 'v1:a:b'])('opens what it sealed', (plain) => {
  expect(createSecretBox(Buffer.from(key)).open(box.seal(plain, 'here'), 'here')).toBe(plain);
});

it('seals the same text differently each time, as printable ASCII without the text', () => {
  const sealed = box.seal('correct horse', 'here');
  expect(sealed).not.toBe(box.seal('correct horse', 'here'));
  expect(sealed).toMatch(/^v2:[0-9a-f]{8}:[\w-]+$/);
  expect(Buffer.from(sealed.split(':')[2] ?? '', 'base64url').toString('latin1')).not.toContain('correct');
});

it('a secret copied to another place does not open', () => {
  const sealed = box.seal('secret', 'row 1, password');
  for (const place of ['row 2, password', 'row 1, token', '']) {
    expect(() => box.open(sealed, place)).toThrow(/another place/);
  }
});

it('a wrong key and damaged data are different errors', () => {
  const sealed = box.seal('secret', 'here');
  expect(() => createSecretBox(randomBytes(32)).open(sealed, 'here')).toThrow(/another TOCSIN_SECRET_KEY/);
  // Not the last character: some of its bits are padding, and changing those alone changes nothing.
  const changed = sealed.slice(0, -4) + (sealed.at(-4) === 'A' ? 'B' : 'A') + sealed.slice(-3);
  for (const bad of [changed, sealed.slice(0, 30), 'secret', '', `${sealed}:x`]) {
    expect(() => box.open(bad, 'here')).toThrow(SecretBoxError);
  }
});

it('opens secrets of the first version only through the opener for them', () => {
  const zeros = Buffer.alloc(32);
  expect(createUnboundOpener(zeros)(UNBOUND)).toBe('kept since the first version');
  expect(() => createSecretBox(zeros).open(UNBOUND, '')).toThrow(/form/);
  expect(createUnboundOpener(zeros)(createSecretBox(zeros).seal('secret', ''))).toBeUndefined();
  expect(() => createUnboundOpener(key)(UNBOUND)).toThrow(/another TOCSIN_SECRET_KEY/);
});

it('accepts only keys of 32 bytes', () => {
  expect(() => createSecretBox(randomBytes(16))).toThrow(/32 bytes, not 16/);
  expect(() => createUnboundOpener(randomBytes(16))).toThrow(/32 bytes, not 16/);
});
