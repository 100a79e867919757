import { expect, it } from 'vitest';
import { oneLine, visible } from './line.js';

const BREAKS = /[\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/u;

it('removes every character of Unicode that could end a line', () => {
  const all = Array.from({ length: 0x110000 }, (_, code) => String.fromCodePoint(code)).join('');
  expect(BREAKS.test(all)).toBe(true);
  expect(BREAKS.exec(oneLine(all))).toBeNull();
  expect(BREAKS.exec(visible(all))).toBeNull();
});

it('oneLine separates words by spaces, visible keeps every character', () => {
  expect(oneLine('\r\n a\r\n\tb\u2028c\0 ')).toBe('a b c');
  expect(visible('a\r\n\tb\u001b[\u007f\u0085\u2028\u2029\u009b\ud800')).toBe('a␍␊␉b␛[␡␤␤␤\ufffd\ufffd');
  for (const text of ['', 'C:\\new', '温度 é 👩‍👩‍👧', ' ']) expect(visible(text)).toBe(text);
});
