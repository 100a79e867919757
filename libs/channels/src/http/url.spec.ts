import fc from 'fast-check';
import { expect, it } from 'vitest';
import { hostOf, renderedUrlProblem, urlProblem } from './url.js';

it.each([
  'http://example.com',
  'HTTPS://EXAMPLE.com:443/',
  'http://10.0.0.1/{{ policy_level }}',
  'http://h?x={{ object }}',
  'http://h/a b/路径?{{ labels["a@b"] }}#c',
  'http://[::1]:8080/x',
  'http://user.example/@me',
  `http://h/${'x'.repeat(2_039)}`,
])('accepts %s', (url) => expect(urlProblem(url)).toBeUndefined());

it.each<[string, RegExp]>([
  ['', /begin with http/],
  ['example.com', /begin with http/],
  ['ftp://example.com', /begin with http/],
  ['file:///etc/passwd', /begin with http/],
  ['//example.com', /begin with http/],
  ['{{ url }}', /begin with http/],
  ['http{{ s }}://h/', /begin with http/],
  ['http://{{ object }}/', /template/],
  ['http://h{{ object }}/', /template/],
  ['http://h:{{ object }}/', /template/],
  ['http://{% if x %}a{% endif %}/', /template/],
  ['http://{# x #}h/', /template/],
  ['http://user:pass@h/', /authorization header/],
  ['http://h\\@evil/', /backslash/],
  ['http://', /host/],
  ['http:///x', /host/],
  ['http://h:99999/', /port/],
  ['http://h:0/', /port/],
  ['http://a b/', /host/],
  ['http://h\n/', /control/],
  ['http://h/\tx', /control/],
  [`http://h/${'x'.repeat(2_040)}`, /2048/],
])('refuses %s', (url, message) => expect(urlProblem(url)).toMatch(message));

it('accepts a rendered URL with host and path of its template, and no other', () => {
  expect(renderedUrlProblem('http://h/{{ a }}', 'http://h/x')).toBeUndefined();
  expect(renderedUrlProblem('http://h/../{{ a }}', 'http://h/../x')).toBeUndefined();
  expect(renderedUrlProblem('http://h?{{ a }}', 'http://h?..')).toBeUndefined();
  expect(renderedUrlProblem('http://h/{{ a }}', 'http://other/x')).toMatch(/another host/);
  expect(renderedUrlProblem('http://h/{{ a }}', 'nonsense')).toMatch(/another host/);
  for (const dots of ['.', '..', '%2e', '.%2E']) {
    expect(renderedUrlProblem('http://h/{{ a }}/b', `http://h/${dots}/b`)).toMatch(/change the path/);
  }
  expect(renderedUrlProblem('http://h/{{ a }}', `http://h/${'x'.repeat(8_192)}`)).toMatch(/longer/);
});

it('returns scheme, host and port', () => {
  expect(hostOf('HTTP://Host:80/path?query#fragment')).toBe('http://host:80');
});

it('no value changes the host or leaves the path of the template', () => {
  const templates = [
    'http://h:81/a/{{ x }}/b',
    'http://h:81/a/b{{ x }}',
    'http://h:81/a/b?q={{ x }}',
    'http://h:81/a/b#{{ x }}',
  ];
  const pieces = fc.constantFrom(
    '/',
    '\\',
    '..',
    '.',
    '@',
    ':',
    '#',
    '?',
    '%2e',
    '%2f',
    '\n',
    '\t',
    '//evil',
    'x',
    '温',
  );
  const values = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.array(pieces).map((all) => all.join('')),
  );
  fc.assert(
    fc.property(fc.constantFrom(...templates), values, (template, value) => {
      const rendered = template.replace('{{ x }}', () => encodeURIComponent(Buffer.from(value).toString()));
      if (urlProblem(template) !== undefined) return false;
      if (renderedUrlProblem(template, rendered) !== undefined) return true;
      const url = new URL(rendered);
      return url.host === 'h:81' && url.pathname.startsWith('/a/') && url.username === '';
    }),
    { numRuns: 2_000 },
  );
});

it('refuses a URL that another client would parse with another host', () => {
  const pieces = fc.constantFrom(
    'http://',
    'HTTPS://',
    '/',
    '\\',
    '@',
    ':',
    '#',
    '?',
    '{{ x }}',
    'a.example',
    '[::1]',
    '80',
    ' ',
    '%',
    '\t',
  );
  fc.assert(
    fc.property(fc.array(pieces, { maxLength: 8 }), (all) => {
      const template = all.join('');
      if (urlProblem(template) !== undefined) return true;
      const url = new URL(template.replaceAll('{{ x }}', 'x'));
      return (
        `${url.protocol}//${url.host}`.replace(/:(80|443)$/, '') ===
        new URL(hostOf(template)).origin.replace(/:(80|443)$/, '')
      );
    }),
    { numRuns: 5_000 },
  );
});
