import { describe, expect, it } from 'vitest';
import { type LeasedAlert, leaseId, packAlert, sourceTag, unpackAlert } from './lease.js';

const alert: LeasedAlert = {
  policy: 'DiskFull',
  object: 'host-1#0f8c2a77',
  objectName: 'host-1',
  title: '磁盘 "C:" is full',
  labels: { alertname: 'DiskFull', instance: 'host-1' },
  startsAt: '2026-11-20T08:00:00Z',
};

describe('what is kept of an alert', () => {
  it.each([
    ['all of it', alert],
    ['no more than it has', { policy: 'p', object: 'o' }],
    ['empty labels', { policy: 'p', object: 'o', labels: {} }],
  ])('is %s', (_, some) => {
    expect(unpackAlert(packAlert(some))).toEqual(some);
  });

  it('is at most 8 KiB: long texts are cut, and of too many labels the shortest stay', () => {
    const long = '长'.repeat(20_000);
    const labels = {
      a: long,
      b: 'b',
      ...Object.fromEntries(Array.from({ length: 400 }, (_, i) => [`n${i}`, `v${i}`])),
    };
    const packed = packAlert({ ...alert, title: long, objectName: long, labels, object: '长'.repeat(1_024) });
    expect(Buffer.byteLength(packed)).toBeLessThanOrEqual(8_192);
    const { labels: kept = {}, title } = unpackAlert(packed);
    expect(title).toBe('长'.repeat(256));
    const emoji = unpackAlert(packAlert({ ...alert, title: `x${'😀'.repeat(200)}` })).title;
    expect(emoji).toBe(`x${'😀'.repeat(127)}`);
    expect(kept.b).toBe('b');
    expect(kept.a).toBeUndefined();
    expect(Object.keys(kept).length).toBeGreaterThan(100);
  });
});

it('a lease belongs to its policy and object, a source to its team and key, however they are written', () => {
  const ids = [
    leaseId({ policy: 'a', object: 'b' }),
    leaseId({ policy: 'a,b', object: '' }),
    leaseId({ policy: 'a","b', object: '' }),
    leaseId({ policy: '', object: 'ab' }),
    sourceTag({ team: null, key: 'a' }),
    sourceTag({ team: 'null', key: 'a' }),
    sourceTag({ team: 'a', key: 'null' }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[\w-]{16}$/.test(id))).toBe(true);
});
