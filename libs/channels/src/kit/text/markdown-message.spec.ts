import fc from 'fast-check';
import { expect, it } from 'vitest';
import { markdownLink, markdownMessage } from './markdown-message.js';

const TITLE_MAX = { max: 20, unit: 'characters' } as const;
const URL_OF_IT = 'https://monitor.example/1';
const message = (title: string, content: string, url = URL_OF_IT) =>
  markdownMessage({ title, content, lang: 'en', variables: { url } }, TITLE_MAX);

it('separates the link to the alert if the text ends with it or was cut, and only then', () => {
  const link = { label: 'Open', url: URL_OF_IT };
  expect(message('t', `text\n\n${URL_OF_IT}\n`)).toEqual({ title: 't', body: 'text', link });
  expect(message('t', 'the beginning of a te…')).toEqual({ title: 't', body: 'the beginning of a te…', link });
  expect(message('t', `see ${URL_OF_IT} for more`)).toEqual({ title: 't', body: `see ${URL_OF_IT} for more` });
  expect(message('t', 'text', '')).toEqual({ title: 't', body: 'text' });
  expect(message('t', 'a\njavascript:x', 'javascript:x')).toEqual({ title: 't', body: 'a\njavascript:x' });
});

it('escapes every character that would end the link', () => {
  const url = 'https://h/a b?x=(1)[2]<3>"4"\'5\'*6*_7_`8`\\9|~';
  const link = markdownLink(message('t', url, url));
  expect(link).toMatch(/^\[Open\]\(https:\/\/h\/[^\s()[\]<>"'*_`\\|~]+\)$/);
  expect(markdownLink(message('t', 'text'))).toBe('');
});

it('has its title in one line and within its limit, and does not repeat it in the body', () => {
  expect(message(' a\r\nb\t c ', 'text')).toMatchObject({ title: 'a b c' });
  expect(message('x'.repeat(30), 'text').title).toBe(`${'x'.repeat(19)}…`);
  expect(message('the same', ' the same\n')).toMatchObject({ title: 'the same', body: '' });
});

it('contains neither lone surrogates nor control characters, because WeCom refuses their JSON', () => {
  fc.assert(
    fc.property(
      fc.string({ unit: 'binary' }),
      fc.constantFrom('\ud800', '\u0000', '\u001b', '\u007f', '\r'),
      (text, odd) => {
        const { title, body } = message(text + odd, odd + text);
        expect(JSON.stringify([title, body]).replaceAll('\\\\', '')).not.toMatch(/\\u/);
      },
    ),
  );
});
