import { expect, it } from 'vitest';
import { type AlertEvent, LANGUAGES } from '#libs/contracts';
import { renderOwn, templateVariables } from '#libs/templates';
import { template } from './template.js';

function render(event: Partial<AlertEvent>, delivery = {}, lang: (typeof LANGUAGES)[number] = 'en') {
  const variables = templateVariables({
    event: { id: 'e', policy: 'cpu-high', object: 'host-42', level: 'fatal', ...event },
    delivery: { id: 'd', suppressedCount: 0, delayedByMs: 0, ...delivery },
    endpoint: { name: 'ops', team: 'default' },
    policyName: 'CPU high',
    lang,
  });
  const { title, content } = template[lang];
  return { title: renderOwn(title, variables), content: renderOwn(content, variables) };
}

it('tells what fired, on what, how bad, since when, how late, how much was held back, and where to look', () => {
  const event: Partial<AlertEvent> = {
    objectName: 'host 42',
    title: 'CPU above 90 %',
    content: 'load 40\nsince noon',
    value: 93.4,
    unit: '%',
    startsAt: '2026-11-20T08:00:00Z',
    url: 'https://example.org/alerts/1',
  };
  const { title, content } = render(event, { suppressedCount: 3, delayedByMs: 125_000 });
  expect(title).toBe('[Fatal] CPU above 90 %');
  expect(content.replace(/^Since: .*$/m, 'Since: then')).toBe(`Fatal: host 42
Policy: CPU high
Value: 93.4 %
Since: then

load 40
since noon

Held back since the last message: 3

This message is 2m 5s late.

https://example.org/alerts/1`);
  expect(content).toMatch(/^Since: 2026-11-\d\d \d\d:\d\d:00 [+-]\d\d:\d\d$/m);
});

it('leaves out what is not known', () => {
  expect(render({}).content).toBe('Fatal: host-42\nPolicy: CPU high');
  expect(render({ value: 0 }).content).toContain('Value: 0');
});

it.each(LANGUAGES)('names the level once in %s, so that a recovery is told from its firing by the subject', (lang) => {
  const fired = render({ title: 'disk full' }, {}, lang).title;
  const recovered = render({ title: 'disk full', level: 'recovered' }, {}, lang).title;
  expect(fired).toMatch(/^\[.+\] disk full$/);
  expect(recovered).toMatch(/^\[.+\] disk full$/);
  expect(recovered).not.toBe(fired);
  expect(render({}, {}, lang).title).toMatch(/^\[[^[\]]+\] CPU high: host-42$/);
});
