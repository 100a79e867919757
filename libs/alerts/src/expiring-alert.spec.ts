import { describe, expect, it } from 'vitest';
import { type AlertSummary, alertId, packAlert, unpackAlert } from './expiring-alert.js';
import { reporterTag } from './reporter.js';

const alert: AlertSummary = {
  policy: 'DiskFull',
  object: 'host-1#0f8c2a77',
  objectName: 'host-1',
  title: '磁盘 "C:" is full',
  labels: { alertname: 'DiskFull', instance: 'host-1' },
  startsAt: '2026-11-20T08:00:00Z',
};

describe('the summary of an alert', () => {
  it.each([
    ['a full alert', alert],
    ['a bare alert', { policy: 'p', object: 'o' }],
    ['empty labels', { policy: 'p', object: 'o', labels: {} }],
  ])('survives packing: %s', (_, some) => {
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
    const { labels: left = {}, title } = unpackAlert(packed);
    expect(title).toBe('长'.repeat(256));
    const emoji = unpackAlert(packAlert({ ...alert, title: `x${'😀'.repeat(200)}` })).title;
    expect(emoji).toBe(`x${'😀'.repeat(127)}`);
    expect(left.b).toBe('b');
    expect(left.a).toBeUndefined();
    expect(Object.keys(left).length).toBeGreaterThan(100);
  });
});

it('alerts differ by policy and object, reporters by team and key, however the texts are split', () => {
  const ids = [
    alertId({ policy: 'a', object: 'b' }),
    alertId({ policy: 'a,b', object: '' }),
    alertId({ policy: 'a","b', object: '' }),
    alertId({ policy: '', object: 'ab' }),
    reporterTag({ team: null, key: 'a' }),
    reporterTag({ team: 'null', key: 'a' }),
    reporterTag({ team: 'a', key: 'null' }),
  ];
  expect(new Set(ids).size).toBe(ids.length);
  expect(ids.every((id) => /^[\w-]{16}$/.test(id))).toBe(true);
});
