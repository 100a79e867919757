import { type Filter, textFilter, wholeNumber } from './filter.js';
import type { Meter } from './meter.js';
import { truth } from './operators.js';
import { percentEncode, valueText } from './value-text.js';

const HTML: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (character) => HTML[character] as string);
const capitalize = (text: string): string => text.charAt(0).toUpperCase() + text.slice(1).toLowerCase();

/** Filters of texts. Their regular expressions have no lookbehind and no backtracking, so they take linear time. */
export const TEXT_FILTERS: readonly Filter[] = [
  textFilter('upper', [], 'in upper case', (text) => text.toUpperCase()),
  textFilter('lower', [], 'in lower case', (text) => text.toLowerCase()),
  textFilter('capitalize', [], 'first letter in upper case, the others in lower case', capitalize),
  textFilter('title', [], 'first letter of each word in upper case', (text, _args, meter) => {
    meter.spend(text.length / 4);
    return text.split(' ').map(capitalize).join(' ');
  }),
  textFilter('trim', [], 'without blanks at both ends', (text) => text.trim()),
  textFilter('string', [], 'as a text', (text) => text),
  textFilter('safe', [], 'unchanged; only | escape escapes for HTML', (text) => text),
  textFilter('escape', [], 'with & < > " and \' escaped for HTML', escapeHtml, ['e', 'forceescape']),
  textFilter('nl2br', [], 'with <br /> before each line break', (text) => text.replace(/\r?\n/g, '<br />\n')),
  textFilter('striptags', ['preserve_linebreaks'], 'without HTML tags and comments', (text, [keepLines], meter) => {
    meter.spend(text.length / 4);
    const plain = withoutComments(text).replace(/<[^<>]*>/g, '');
    if (!truth(keepLines)) return plain.split(/\s/).filter(Boolean).join(' ');
    return plain
      .split(/\r?\n/)
      .map((line) => line.trim())
      .join('\n')
      .trim();
  }),
  textFilter('urlencode', [], 'percent-encoded, for part of a URL', percentEncode),
  textFilter('urlize', [], 'escaped for HTML, with links made of web addresses', (text, _args, meter) => {
    meter.spend(text.length / 4);
    return text
      .split(/(\s)/)
      .map((word) =>
        /^https?:\/\/./.test(word) ? `<a href="${escapeHtml(word)}">${escapeHtml(word)}</a>` : escapeHtml(word),
      )
      .join('');
  }),
  textFilter('wordcount', [], 'number of words', (text, _args, meter) => {
    meter.spend(text.length / 4);
    return text.split(/\s/).filter(Boolean).length;
  }),
  textFilter(
    'truncate',
    ['length', 'killwords', 'end'],
    'cut to length characters (255), between words unless killwords is true, followed by end ("...")',
    (text, [length, killWords, end], meter) => {
      const chars = wholeNumber(length, 255, 0, Number.MAX_SAFE_INTEGER);
      if (text.length <= chars) return text;
      const blank = truth(killWords) ? -1 : text.lastIndexOf(' ', chars);
      return text.slice(0, blank > 0 ? blank : chars).toWellFormed() + valueText(end ?? '...', meter);
    },
  ),
  textFilter(
    'replace',
    ['old', 'new', 'count'],
    'with one text replaced by another, everywhere or count times: replace("a", "b", 1)',
    replaceText,
  ),
];

function replaceText(text: string, [old, fresh, count]: readonly unknown[], meter: Meter): string {
  const from = valueText(old, meter);
  const to = valueText(fresh, meter);
  const parts = text.split(from);
  meter.spend(parts.length);
  const times = Math.min(parts.length - 1, wholeNumber(count, parts.length, 0, parts.length));
  meter.allow(text.length + times * (to.length - from.length));
  return [parts.slice(0, times + 1).join(to), ...parts.slice(times + 1)].join(from);
}

function withoutComments(text: string): string {
  const parts: string[] = [];
  let from = 0;
  for (let at = text.indexOf('<!--'); at >= 0; at = text.indexOf('<!--', from)) {
    const end = text.indexOf('-->', at + 4);
    if (end < 0) break;
    parts.push(text.slice(from, at));
    from = end + 3;
  }
  parts.push(text.slice(from));
  return parts.join('');
}
