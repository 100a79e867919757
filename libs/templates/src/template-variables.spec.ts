import { expect, it } from 'vitest';
import { TEMPLATE_VARIABLES } from './language/variables.js';
import { templateVariables } from './template-variables.js';

const input = {
  event: { id: 'e1', policy: 'cpu', object: 'host-42', level: 'nodata' as const },
  delivery: { id: 'd1', suppressedCount: 3, delayedByMs: 61_999 },
  endpoint: { name: 'ops', team: 'default' },
  policyName: 'CPU high',
  lang: 'zh-CN' as const,
};

it('every described variable has a value, and every variable is described', () => {
  const described = TEMPLATE_VARIABLES.map((variable) => variable.name).filter((name) => name !== 'alert');
  expect(Object.keys(templateVariables(input))).toEqual(described);
  expect(TEMPLATE_VARIABLES.every((variable) => variable.description.length > 10)).toBe(true);
});

it('missing fields of an event get their defaults', () => {
  expect(templateVariables(input)).toEqual({
    policy: 'cpu',
    policy_name: 'CPU high',
    policy_level: 'nodata',
    level: 'nodata',
    level_name: '无数据',
    object: 'host-42',
    object_name: 'host-42',
    title: 'CPU high: host-42',
    content: '',
    value: null,
    unit: '',
    labels: {},
    annotations: {},
    starts_at: null,
    ends_at: null,
    url: '',
    event_id: 'e1',
    delivery_id: 'd1',
    team: 'default',
    endpoint: 'ops',
    suppressed_count: 3,
    delayed_by: 61,
  });
});

it('fields of an event become variables', () => {
  const event = { ...input.event, title: 'T', content: 'C', value: 0, objectName: 'O', labels: { a: 'b' } };
  expect(templateVariables({ ...input, event, lang: 'en' })).toMatchObject({
    title: 'T',
    content: 'C',
    value: 0,
    object_name: 'O',
    labels: { a: 'b' },
    level_name: 'No data',
  });
});

it('delayed_by is never negative', () => {
  const delivery = { ...input.delivery, delayedByMs: -5 };
  expect(templateVariables({ ...input, delivery }).delayed_by).toBe(0);
});
