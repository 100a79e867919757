import { describe, expect, it } from 'vitest';
import { fixture } from '../../test/fixture.js';
import { readPostedAlerts } from '../prometheus/read.js';
import { UnknownPayload } from '../source.js';
import { readWebhook } from './webhook.js';

const labels = { alertname: 'A', instance: 'i' };
const eventsOf = (body: unknown) =>
  [...readWebhook(body).alerts].map((found) => (found.ok ? found.event : found.errors));
const eventOf = (alert: object) => eventsOf({ alerts: [{ status: 'firing', labels, ...alert }] })[0];

describe("Alertmanager's webhook", () => {
  it("is judged by each alert's own status, not by that of the group", () => {
    expect(fixture('alertmanager/mixed').body).toMatchObject({ status: 'firing' });
    const events = eventsOf(fixture('alertmanager/mixed').body);
    expect(events.map((event) => ('level' in event ? event.level : event))).toEqual([
      ...['warning', 'warning', 'warning'],
      'recovered',
    ]);
    expect(events[0]).not.toHaveProperty('endsAt');
    expect(events[3]).toMatchObject({ endsAt: expect.stringMatching(/^20.*Z$/), title: '磁盘 C:\\data "a" is full' });
  });

  it('has the same objects as the alerts that Prometheus posts itself', () => {
    const direct = [...readPostedAlerts(fixture('prometheus/firing').body, 0).alerts][0];
    const [relayed] = eventsOf(fixture('alertmanager/firing').body);
    expect(relayed).toMatchObject({ object: direct?.ok && direct.event.object, level: 'fatal' });
    expect(eventsOf(fixture('alertmanager/resolved').body)[0]).toMatchObject({ level: 'recovered' });
  });

  it('reports how many alerts were left out', () => {
    const { alerts, truncatedAlerts } = readWebhook(fixture('alertmanager/truncated').body);
    expect([[...alerts].length, truncatedAlerts]).toEqual([1, 3]);
    for (const absent of [{}, { truncatedAlerts: null }])
      expect(readWebhook({ alerts: [], ...absent }).truncatedAlerts).toBe(0);
  });

  it.each(['many', -1, 1.5, 1e12, {}])('names a number of left out alerts that is none: %j', (truncatedAlerts) => {
    expect(() => readWebhook({ alerts: [], truncatedAlerts })).toThrow(
      expect.objectContaining({ errors: [expect.objectContaining({ path: 'truncatedAlerts' })] }),
    );
  });
});

describe("Grafana's webhook", () => {
  it('has a link to the panel, else the dashboard, else the rule; and a value where there is only one', () => {
    const [memory, disk, noData] = eventsOf(fixture('grafana/mixed').body);
    expect(memory).toEqual({
      policy: 'Memory',
      object: expect.stringMatching(/^web-1#/),
      objectName: 'web-1',
      level: 'error',
      title: 'Memory of web-1 at 91 %',
      content: 'for five minutes',
      value: 91.25,
      startsAt: '2026-11-20T16:00:00.157076+08:00',
      url: 'https://grafana.example/d/mem?orgId=1&viewPanel=4',
      labels: { alertname: 'Memory', grafana_folder: '平台', host: 'web-1', severity: 'high' },
      annotations: { summary: 'Memory of web-1 at 91 %', description: 'for five minutes' },
    });
    expect(disk).toMatchObject({ level: 'recovered', url: expect.stringContaining('/d1/view') });
    expect(disk).not.toHaveProperty('value');
    expect(noData).toMatchObject({ objectName: 'DatasourceNoData', url: 'https://grafana.example/d/queue?orgId=1' });
    expect(noData).not.toHaveProperty('annotations');
  });

  it.each([
    [{ B: 1 }, 1],
    [{ B: 0 }, 0],
    [{ A: null, B: 2 }, 2],
    [{ A: 'NaN', B: 2 }, 2],
    [{ A: 1, B: 2 }, undefined],
    [{}, undefined],
    [null, undefined],
    ['5', undefined],
    [[5], 5],
  ])('values %j are the value %j', (values, value) => {
    expect(eventOf({ values })).toEqual(expect.objectContaining(value === undefined ? { policy: 'A' } : { value }));
    expect('value' in (eventOf({ values }) as object)).toBe(value !== undefined);
  });
});

describe('a webhook', () => {
  it.each([
    ['FIRING', 'warning'],
    ['Resolved', 'recovered'],
  ])('status %s is %s', (status, level) => {
    expect(eventOf({ status })).toMatchObject({ level });
  });

  it.each([
    [undefined, 'is required and must be one of firing, resolved'],
    [null, 'must be one of firing, resolved, not null'],
    ['active', 'must be one of firing, resolved, not "active"'],
    [1, 'must be one of firing, resolved, not 1'],
  ])('status %j is refused with what is allowed', (status, message) => {
    expect(eventOf({ status })).toEqual([{ path: 'status', message }]);
  });

  it('without alerts is valid', () => {
    expect([...readWebhook({ alerts: [] }).alerts]).toEqual([]);
    expect([...readWebhook({ alerts: null }).alerts]).toEqual([]);
  });

  it.each([
    [{}, 'alerts', 'is required and must be an array'],
    [{ alerts: {} }, 'alerts', 'must be an array, not an object'],
    [{ alerts: 'x' }, 'alerts', 'must be an array, not a string'],
    [[], '', 'must be an object with alerts, not an array'],
    [null, '', 'must be an object with alerts, not null'],
    [undefined, '', 'must be an object with alerts, not missing'],
  ])('%j is of another format', (body, path, message) => {
    try {
      readWebhook(body);
      expect.unreachable();
    } catch (error) {
      expect(error).toBeInstanceOf(UnknownPayload);
      expect((error as UnknownPayload).errors).toEqual([{ path, message }]);
    }
  });
});
