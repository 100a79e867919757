import { expect, it } from 'vitest';
import { httpUrlSchema, urlUnder } from './http-url.js';

it.each(['https://h/x?key=a%20b', 'http://127.0.0.1:8080', 'HTTPS://h', 'https://[::1]/a'])('accepts %s', (address) => {
  expect(httpUrlSchema.parse(address)).toBe(address);
});

it.each([
  '',
  'h',
  'ftp://h',
  'https://',
  'https:///',
  'https://h /',
  'https://h\\x',
  'https://u@h',
  'https://u:p@h',
  'https://h/\n',
  'https://h/a#b',
  'https://h:0/',
])('refuses %j', (address) => expect(httpUrlSchema.safeParse(address).success).toBe(false));

it('appends a path to a base URL with or without a slash at its end', () => {
  for (const base of ['https://gateway/api', 'https://gateway/api/']) {
    expect(urlUnder(base, 'chat.postMessage')).toBe('https://gateway/api/chat.postMessage');
  }
});
