import { expect, it } from 'vitest';
import { email } from './index.js';

const to = ['Ops <ops@example.org>'];
const problems = (config: object, platform = {}) =>
  email.problems?.(email.config.parse(config), platform).map(({ path }) => path.join('.'));

it('needs a mail server and sender unless the platform has them', () => {
  const platform = { smtpUrl: 'smtp://mail.example.org', smtpFrom: 'Alerts <alerts@example.org>' };
  expect(problems({ to })).toEqual(['host', 'from']);
  expect(problems({ to, host: 'mail' })).toEqual(['from']);
  expect(problems({ to, from: 'a@example.org' })).toEqual(['host']);
  expect(problems({ to }, { smtpUrl: platform.smtpUrl })).toEqual(['from']);
  expect(problems({ to }, platform)).toEqual([]);
  expect(problems({ to, from: 'a@example.org', host: 'mail' })).toEqual([]);
});

it('has one target for all recipients, labelled by the first one', () => {
  const targets = (config: object) => email.targets(email.config.parse(config));
  expect(targets({ to })).toEqual([{ id: 'list', label: 'ops@example.org' }]);
  expect(targets({ to: ['a@b.c', 'A <a@B.c>', 'd@b.c'], cc: ['e@b.c'] })[0]?.label).toBe('a@b.c +2');
});

it('accepts a single recipient of cc as a text', () => {
  expect(email.config.parse({ to, cc: 'boss@example.org' }).cc).toEqual(['boss@example.org']);
});
