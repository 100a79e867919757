import { expect, it } from 'vitest';
import { apiBase, webhookVia } from './api-url.js';

it('removes slashes at the end of the base URL', () => {
  expect(apiBase(undefined, 'https://public')).toBe('https://public');
  expect(apiBase('https://gateway/wx//', 'https://public')).toBe('https://gateway/wx');
});

it.each([
  ['https://public/a?b=c', undefined, 'https://public/a?b=c'],
  ['https://public/a?b=c', 'http://gateway/x/', 'http://gateway/x/a?b=c'],
  ['HTTPS://Public/A', 'http://gateway', 'http://gateway/A'],
  ['https://public.evil/a', 'http://gateway', 'https://public.evil/a'],
  ['https://elsewhere/a', 'http://gateway', 'https://elsewhere/a'],
  ['https://abroad/a', 'https://public/', 'https://abroad/a'],
  ['https://abroad/a', 'http://gateway', 'http://gateway/a'],
])('calls %s with %s in place of the public address at %s', (webhookUrl, apiUrl, called) => {
  expect(webhookVia(webhookUrl, apiUrl, ['https://public', 'https://abroad'])).toBe(called);
});
