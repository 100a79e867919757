import { expect, it } from 'vitest';
import type { AlertEvent, Language } from '#libs/contracts';
import { checkTemplate, renderOwn, templateVariables } from '#libs/templates';
import { FOR_PEOPLE, IN_ONE_LINE } from './readable-template.js';

const EVENT: AlertEvent = {
  id: 'e1',
  policy: 'cpu-high',
  object: 'host-42#1a2b3c4d',
  objectName: 'host-42',
  level: 'fatal',
  title: 'CPU above 90 % on host-42',
  content: 'It has been so for five minutes.',
  labels: { alertname: 'cpu-high', severity: 'critical', device: 'sda', cluster: 'gz 1' },
  value: 93.4,
  unit: '%',
  startsAt: '2026-11-20T08:00:00Z',
  url: 'https://monitor.example/alerts/1',
};

function render(
  template: typeof FOR_PEOPLE,
  lang: Language,
  event: Partial<AlertEvent> = {},
  delivery = { suppressedCount: 0, delayedByMs: 0 },
): string {
  const variables = templateVariables({
    event: { ...EVENT, ...event },
    delivery: { id: 'd1', ...delivery },
    endpoint: { name: 'ops', team: 'default' },
    policyName: 'CPU high',
    lang,
  });
  return `${renderOwn(template[lang].title, variables)}\n${renderOwn(template[lang].content, variables)}`;
}

const since = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d [+-]\d\d:\d\d/g;

it('says how bad it is first, then what, on what, since when, and where to look', () => {
  expect(render(FOR_PEOPLE, 'en').replaceAll(since, '<time>')).toBe(`[Fatal] CPU above 90 % on host-42
It has been so for five minutes.

Alert: CPU high
On: host-42
Labels: cluster=gz 1 device=sda
Level: Fatal, 93.4%
Since: <time>

https://monitor.example/alerts/1
`);
  expect(render(FOR_PEOPLE, 'zh-CN').replaceAll(since, '<time>')).toBe(`[致命] CPU above 90 % on host-42
It has been so for five minutes.

告警：CPU high
对象：host-42
标签：cluster=gz 1 device=sda
级别：致命，当前值 93.4%
开始时间：<time>

https://monitor.example/alerts/1
`);
});

const LATE = { suppressedCount: 3, delayedByMs: 303_000 };
const SENT_FOR = {
  annotations: { fallback_for: 'ops mail', fallback_reason: '535: no', runbook_url: 'https://wiki/cpu' },
};

it('says how late it is, how many were held back, for whom it stands in, and what to do', () => {
  expect(render(FOR_PEOPLE, 'en', SENT_FOR, LATE).replaceAll(since, '<time>')).toBe(`[Fatal] CPU above 90 % on host-42
Sent here because "ops mail" did not take it (535: no).

It has been so for five minutes.

Alert: CPU high
On: host-42
Labels: cluster=gz 1 device=sda
Level: Fatal, 93.4%
Since: <time>
Late: this message comes 5m 3s late
Held back: 3 further reports of it since the last message
What to do: https://wiki/cpu

https://monitor.example/alerts/1
`);
  expect(render(FOR_PEOPLE, 'zh-CN', SENT_FOR, LATE)).toMatch(
    /因“ops mail”未能送达，转发至此（535: no）。.*延迟：本消息迟到 5m 3s\n未推送：上次推送以来该告警另有 3 次上报\n处理方法：https/s,
  );
});

it('tells of a recovery from when to when', () => {
  const recovered = render(FOR_PEOPLE, 'en', { level: 'recovered', endsAt: '2026-11-20T08:30:00Z' });
  expect(recovered).toMatch(/^\[Recovered\] CPU above/);
  expect(recovered.replaceAll(since, '<time>')).toContain('Since: <time>\nUntil: <time>\n');
});

it('leaves out what is not known', () => {
  const bare = { id: 'e', policy: 'p', object: 'o', level: 'nodata' as const, labels: { severity: 'x' } };
  const nothing = {
    title: '',
    content: '',
    value: undefined,
    unit: '',
    startsAt: undefined,
    url: '',
    objectName: undefined,
  };
  const text = render(FOR_PEOPLE, 'en', { ...bare, ...nothing } as Partial<AlertEvent>);
  expect(text).toBe('[No data] CPU high: o\nAlert: CPU high\nOn: o\nLevel: No data\n');
  expect(render(FOR_PEOPLE, 'en', { value: 0, unit: 'ms' })).toContain('Level: Fatal, 0 ms\n');
});

it.each(['en', 'zh-CN'] as const)('fits in one line where that is wanted: %s', (lang) => {
  const [, line = '', ...more] = render(IN_ONE_LINE, lang, SENT_FOR, LATE).split('\n');
  expect(more).toEqual([]);
  for (const part of [
    'CPU above 90 %',
    'CPU high',
    'host-42',
    '93.4%',
    '2026-11-',
    'device=sda',
    '5m 3s',
    '3',
    'ops mail',
    EVENT.url,
  ]) {
    expect(line).toContain(part);
  }
});

it('is a template that anybody may start from', () => {
  for (const texts of [FOR_PEOPLE, IN_ONE_LINE]) {
    for (const { title, content } of Object.values(texts)) {
      checkTemplate(title);
      checkTemplate(content);
    }
  }
});
