import { expect, it } from 'vitest';
import { parseSmtpUrl, type SmtpServer } from './smtp-server.js';

it.each<[string, SmtpServer]>([
  ['smtp://mail.example.org', { host: 'mail.example.org', port: 587, security: 'starttls' }],
  ['smtp://mail.example.org:25/', { host: 'mail.example.org', port: 25, security: 'starttls' }],
  ['smtps://mail.example.org', { host: 'mail.example.org', port: 465, security: 'tls' }],
  [
    'smtp://ops%40example.org:p%3A%2F%40ss@mail:587',
    { host: 'mail', port: 587, security: 'starttls', username: 'ops@example.org', password: 'p:/@ss' },
  ],
  ['smtp://10.0.0.1:25?security=none', { host: '10.0.0.1', port: 25, security: 'none' }],
  ['smtp://mail:2525?security=tls', { host: 'mail', port: 2525, security: 'tls' }],
  ['smtp://[2001:db8::1]:587', { host: '2001:db8::1', port: 587, security: 'starttls' }],
  ['smtp://Mail.Münch.example', { host: 'mail.xn--mnch-0ra.example', port: 587, security: 'starttls' }],
  ['smtp://localhost:25', { host: 'localhost', port: 25, security: 'none' }],
  ['smtp://127.0.0.1:2525', { host: '127.0.0.1', port: 2525, security: 'none' }],
  ['smtp://[::1]:25', { host: '::1', port: 25, security: 'none' }],
  ['smtp://localhost?security=starttls', { host: 'localhost', port: 587, security: 'starttls' }],
  ['smtps://localhost', { host: 'localhost', port: 465, security: 'tls' }],
])('%s is parsed', (url, server) => expect(parseSmtpUrl(url)).toEqual(server));

it.each([
  '',
  'mail.example.org:587',
  'http://mail.example.org',
  'smtp://',
  'smtp:///path',
  'smtp://mail/inbox',
  'smtp://mail#x',
  'smtp://mail:0',
  'smtp://mail:99999',
  'smtp://user@mail',
  'smtp://:pass@mail',
  'smtp://%zz:pass@mail',
  'smtp://a_b',
  'smtp://mail?security=maybe',
  'smtp://mail?secure=true',
  'smtp://mail?security=tls&security=none',
])('%j is refused', (url) => expect(parseSmtpUrl(url)).toBeUndefined());
