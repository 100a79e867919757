import { describe, expect, it } from 'vitest';
import { identify, type Texts } from './identify.js';

const objectOf = (labels: Texts) => identify(labels).object;

describe('an alert is identified by its labels', () => {
  it.each([
    ['instance', { instance: 'i', object: 'o', host: 'h', pod: 'p', node: 'n', job: 'j' }],
    ['object', { object: 'o', host: 'h', pod: 'p', node: 'n', job: 'j' }],
    ['host', { host: 'h', pod: 'p', node: 'n', job: 'j' }],
    ['pod', { pod: 'p', node: 'n', job: 'j' }],
    ['node', { node: 'n', job: 'j' }],
    ['job', { job: 'j', mount: '/' }],
  ])('its object is named by %s where that is the first it has', (name, labels: Texts) => {
    const { policy, object, objectName } = identify({ alertname: 'A', ...labels });
    expect(policy).toBe('A');
    expect(objectName).toBe(labels[name]);
    expect(object).toMatch(new RegExp(`^${labels[name]}#[0-9a-f]{8}$`));
  });

  it('it is named for its policy where it has none of them, and its policy is unnamed where it has no name', () => {
    expect(identify({ alertname: 'Watchdog', severity: 'none' })).toEqual({
      policy: 'Watchdog',
      object: expect.stringMatching(/^Watchdog#[0-9a-f]{8}$/),
      objectName: 'Watchdog',
    });
    expect(identify({ job: 'backup' })).toMatchObject({ policy: 'unnamed', objectName: 'backup' });
  });

  it('does not depend on the order of labels, nor on which of several alike reported it', () => {
    const labels = { alertname: 'A', instance: 'i', zone: 'z' };
    expect(objectOf({ zone: 'z', instance: 'i', alertname: 'A' })).toBe(objectOf(labels));
    for (const reporter of ['prometheus', 'prometheus_replica', 'replica'])
      expect(objectOf({ ...labels, [reporter]: 'b' })).toBe(objectOf(labels));
  });

  it('stays what it is from version to version: claims and silences know it', () => {
    expect(objectOf({ alertname: 'DiskFull', instance: 'db1:9100', mount: '/数据' })).toBe('db1:9100#15f51a9f');
  });

  it.each([
    [{ a: '1' }, { a: '2' }],
    [{ a: '1' }, { b: '1' }],
    [{ a: '1' }, { a: '1', b: '1' }],
    [{ a: 'b","c' }, { a: 'b', c: '' }],
    [{ a: '1","b":"2' }, { a: '1', b: '2' }],
    [{ a: '1=2,3' }, { a: '1', 2: '3' }],
    [{ ab: 'c' }, { a: 'bc' }],
    [{ a: '\ud800' }, { a: '\udfff' }],
    [{ a: 'é' }, { a: 'e\u0301' }],
  ])('%j and %j are different objects', (one: Texts, other: Texts) => {
    expect(objectOf({ alertname: 'A', ...one })).not.toBe(objectOf({ alertname: 'A', ...other }));
  });

  it('of names too long the end gives way to a hash, and no character is cut in half', () => {
    const long = (end: string) => ({ alertname: `${'😀'.repeat(200)}${end}`, instance: `${'网'.repeat(2_000)}${end}` });
    const [a, b] = [identify(long('a')), identify(long('b'))];
    expect(a.policy).not.toBe(b.policy);
    expect(a.object).not.toBe(b.object);
    for (const { policy, object } of [a, b]) {
      expect(policy.length).toBeLessThanOrEqual(256);
      expect(policy).toMatch(/^😀+#[0-9a-f]{8}$/u);
      expect(object).toHaveLength(1_024);
    }
    expect(identify({ alertname: 'p'.repeat(256) }).policy).toBe('p'.repeat(256));
  });
});
