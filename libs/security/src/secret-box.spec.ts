import { randomBytes } from 'node:crypto';
import { expect, it } from 'vitest';
import { createSecretBox, SecretBoxError } from './secret-box.js';

const key = randomBytes(32);
const box = createSecretBox(key);

it.each(['', 'a', 'päss wörd 密码', 'x'.repeat(100_000), '********', 'v1:a:b'])('opens what it sealed', (plain) => {
  expect(createSecretBox(Buffer.from(key)).open(box.seal(plain))).toBe(plain);
});

it('seals the same text differently each time, as printable ASCII without the text', () => {
  const sealed = box.seal('correct horse');
  expect(sealed).not.toBe(box.seal('correct horse'));
  expect(sealed).toMatch(/^v1:[0-9a-f]{8}:[\w-]+$/);
  expect(Buffer.from(sealed.split(':')[2] ?? '', 'base64url').toString('latin1')).not.toContain('correct');
});

it('tells another key from damaged data', () => {
  const sealed = box.seal('secret');
  expect(() => createSecretBox(randomBytes(32)).open(sealed)).toThrow(/another TOCSIN_SECRET_KEY/);
  // Not the last character: some of its bits are padding, and changing those alone changes nothing.
  const changed = sealed.slice(0, -4) + (sealed.at(-4) === 'A' ? 'B' : 'A') + sealed.slice(-3);
  for (const bad of [changed, sealed.slice(0, 30), 'secret', '', `${sealed}:x`]) {
    expect(() => box.open(bad)).toThrow(SecretBoxError);
  }
});

it('takes keys of 32 bytes only', () => {
  expect(() => createSecretBox(randomBytes(16))).toThrow(/32 bytes, not 16/);
});
