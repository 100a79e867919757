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

it('accepts what leads where its template does, and nothing else', () => {
  expect(renderedUrlProblem('http://h/{{ a }}', 'http://h/x')).toBeUndefined();
  expect(renderedUrlProblem('http://h/../{{ a }}', 'http://h/../x')).toBeUndefined();
  expect(renderedUrlProblem('http://h?{{ a }}', 'http://h?..')).toBeUndefined();
  expect(renderedUrlProblem('http://h/{{ a }}', 'http://other/x')).toMatch(/another host/);
  expect(renderedUrlProblem('http://h/{{ a }}', 'nonsense')).toMatch(/another host/);
  for (const dots of ['.', '..', '%2e', '.%2E']) {
    expect(renderedUrlProblem('http://h/{{ a }}/b', `http://h/${dots}/b`)).toMatch(/elsewhere/);
  }
  expect(renderedUrlProblem('http://h/{{ a }}', `http://h/${'x'.repeat(8_192)}`)).toMatch(/longer/);
});

it('shows scheme, host and port', () => {
  expect(hostOf('HTTP://Host:80/path?query#fragment')).toBe('http://host:80');
});
