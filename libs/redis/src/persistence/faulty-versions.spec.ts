import { expect, it } from 'vitest';
import { faultOf, versionOf } from './faulty-versions.js';

it.each([
  ['Redis 6.2.14', false],
  ['Redis 7.0.0', true],
  ['Redis 7.0.15', true],
  ['Redis 8.2.1', true],
  ['Redis 10.0.0', true],
  ['Valkey 7.2.5', true],
  ['Valkey 8.1.0', true],
  ['KeyDB 6.3.4', false],
])('%s damages its file on a full disk: %s', (version, isFaulty) => {
  expect(faultOf(version)).toBe(
    isFaulty ? `${version} damages its append-only file when its disk is full; keep room on the disk` : undefined,
  );
});

it.each([
  ['# Server\r\nredis_version:7.0.15\r\n', 'Redis 7.0.15'],
  // Valkey names a Redis that it is compatible with.
  ['# Server\r\nredis_version:7.2.4\r\nserver_name:valkey\r\nvalkey_version:8.1.0\r\n', 'Valkey 8.1.0'],
  ['# Memory\r\nused_memory:1\r\n', undefined],
])('the version in %j is %s', (info, version) => {
  expect(versionOf(info)).toBe(version);
});
