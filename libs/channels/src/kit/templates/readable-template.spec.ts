import { expect, it } from 'vitest';
import type { AlertEvent, Language } from '#libs/contracts';
import { checkTemplate, renderOwn, templateVariables } from '#libs/templates';
import { ONE_LINE_TEMPLATE } from './one-line-template.js';
import { READABLE_TEMPLATE } from './readable-template.js';

const EVENT: AlertEvent = {
  id: 'e1',
  policy: 'cpu-high',
  object: 'host-42#1a2b3c4d',
  objectName: 'host-42',
  level: 'fatal',
  title: 'CPU above 90 % on host-42',
  content: 'Above the threshold for five minutes.',
  labels: { alertname: 'cpu-high', severity: 'critical', device: 'sda', cluster: 'gz 1' },
  value: 93.4,
  unit: '%',
  startsAt: '2026-11-20T08:00:00Z',
  url: 'https://monitor.example/alerts/1',
};

function render(
  template: typeof READABLE_TEMPLATE,
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

it('shows level and title first, then policy, object, labels, time and link', () => {
  expect(render(READABLE_TEMPLATE, 'en').replaceAll(since, '<time>')).toBe(`[Fatal] CPU above 90 % on host-42
Above the threshold for five minutes.

Policy: CPU high
Object: host-42
Labels: cluster=gz 1 device=sda
Level: Fatal, 93.4%
Since: <time>

https://monitor.example/alerts/1
`);
  expect(render(READABLE_TEMPLATE, 'zh-CN').replaceAll(since, '<time>')).toBe(`[致命] CPU above 90 % on host-42
Above the threshold for five minutes.

告警策略：CPU high
监控对象：host-42
标签：cluster=gz 1 device=sda
等级：致命，当前值 93.4%
开始时间：<time>

https://monitor.example/alerts/1
`);
});

const LATE = { suppressedCount: 3, delayedByMs: 303_000 };
const SENT_FOR = {
  annotations: { fallback_for: 'ops mail', fallback_reason: '535: no', runbook_url: 'https://wiki/cpu' },
};

it('shows the delay, the suppressed events, the endpoint it replaces and the runbook', () => {
  expect(
    render(READABLE_TEMPLATE, 'en', SENT_FOR, LATE).replaceAll(since, '<time>'),
  ).toBe(`[Fatal] CPU above 90 % on host-42
Forwarded because delivery to "ops mail" failed (535: no).

Above the threshold for five minutes.

Policy: CPU high
Object: host-42
Labels: cluster=gz 1 device=sda
Level: Fatal, 93.4%
Since: <time>
Delayed: 5m 3s
Suppressed: 3 further events since the last message
Runbook: https://wiki/cpu

https://monitor.example/alerts/1
`);
  expect(render(READABLE_TEMPLATE, 'zh-CN', SENT_FOR, LATE)).toMatch(
    /因推送至“ops mail”失败，转发至此（535: no）。.*延迟：5m 3s\n已抑制：上次推送以来另有 3 条告警事件\n处理手册：https/s,
  );
});

it('shows start and end of a recovered alert', () => {
  const recovered = render(READABLE_TEMPLATE, 'en', { level: 'recovered', endsAt: '2026-11-20T08:30:00Z' });
  expect(recovered).toMatch(/^\[Recovered\] CPU above/);
  expect(recovered.replaceAll(since, '<time>')).toContain('Since: <time>\nUntil: <time>\n');
});

it('omits lines without a value', () => {
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
  const text = render(READABLE_TEMPLATE, 'en', { ...bare, ...nothing } as Partial<AlertEvent>);
  expect(text).toBe('[No data] CPU high: o\nPolicy: CPU high\nObject: o\nLevel: No data\n');
  expect(render(READABLE_TEMPLATE, 'en', { value: 0, unit: 'ms' })).toContain('Level: Fatal, 0 ms\n');
});

it.each(['en', 'zh-CN'] as const)('the one-line template renders one line: %s', (lang) => {
  const [, line = '', ...more] = render(ONE_LINE_TEMPLATE, lang, SENT_FOR, LATE).split('\n');
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

it('compiles as a template of a user', () => {
  for (const texts of [READABLE_TEMPLATE, ONE_LINE_TEMPLATE]) {
    for (const { title, content } of Object.values(texts)) {
      checkTemplate(title);
      checkTemplate(content);
    }
  }
});
