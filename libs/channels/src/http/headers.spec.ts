import { expect, it } from 'vitest';
import { headersSchema, headerValue } from './headers.js';

it.each(['X-Key', 'authorization', 'Cookie', 'x_y', 'accept', 'Date', 'x-webhook-id'])('accepts %s', (name) => {
  expect(headersSchema.parse({ [name]: '{{ title }}' })).toEqual({ [name]: '{{ title }}' });
});

it.each([
  'Host',
  'CONTENT-LENGTH',
  'Transfer-Encoding',
  'connection',
  'Keep-Alive',
  'te',
  'Trailer',
  'Upgrade',
  'Expect',
  'proxy-authorization',
  'Content-Encoding',
  'Accept-Encoding',
  'Webhook-Id',
  'webhook-timestamp',
  'webhook-signature',
  'webhook-anything',
  '',
  'a b',
  'a:b',
  'ä',
  'a\n',
  'x'.repeat(129),
])('refuses the name %j, and the message contains it', (name) => {
  const { error } = headersSchema.safeParse({ [name]: 'x' });
  expect(error?.issues[0]).toMatchObject({ path: [name], message: expect.stringContaining(JSON.stringify(name)) });
});

it('refuses the name of the prototype', () => {
  const headers = headersSchema.safeParse(JSON.parse('{"__proto__": "x"}'));
  expect(Object.keys(headers.data ?? {})).toEqual([]);
});

it('refuses a repeated name, too many names, and values with line ends', () => {
  expect(headersSchema.safeParse({ 'X-A': '1', 'x-a': '2' }).error?.issues[0]?.message).toMatch(/repeated/);
  const many = Object.fromEntries(Array.from({ length: 51 }, (_, index) => [`x-${index}`, '']));
  expect(headersSchema.safeParse(many).success).toBe(false);
  for (const value of ['a\r\nb: c', 'a\nb', 'a\0', 'x'.repeat(4_097)]) {
    expect(headersSchema.safeParse({ a: value }).success).toBe(false);
  }
});

it('makes a rendered value a valid header on one line', () => {
  expect(headerValue(' a\tb ')).toBe('a\tb');
  expect(headerValue('a\r\n\0b\u007f')).toBe('a b');
  expect(headerValue('é')).toBe('Ã©');
  expect(headerValue('')).toBe('');
});
