import type { TemplateVariables } from '#libs/contracts';

/** Variables for tests, with characters that need escaping. */
export const sampleVariables: TemplateVariables = {
  policy: 'cpu-high',
  policy_name: 'CPU high',
  policy_level: 'fatal',
  level: 'fatal',
  level_name: 'Fatal',
  object: 'host-42',
  object_name: 'host 42',
  title: 'CPU "high"\n',
  content: 'line 1\nline 2 <b>&\u2028',
  value: 93.4,
  unit: '%',
  labels: { region: 'gz', 'a.b': 'dotted', '1': 'one' },
  annotations: {},
  starts_at: '2026-11-20T08:00:00Z',
  ends_at: null,
  url: 'https://example.com/',
  event_id: 'e1',
  delivery_id: 'd1',
  team: 'default',
  endpoint: 'ops',
  suppressed_count: 2,
  delayed_by: 0,
};
