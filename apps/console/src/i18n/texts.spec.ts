import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { en } from './en.js';
import { zhCN } from './zh-CN.js';

type Texts = { [name: string]: string | Texts };

const textsOf = (texts: Texts, path = ''): [string, string][] =>
  Object.entries(texts).flatMap(([name, text]) => {
    const key = path === '' ? name : `${path}.${name}`;
    return typeof text === 'string' ? [[key, text] as [string, string]] : textsOf(text, key);
  });

const folder = join(import.meta.dirname, '..');
const sources = readdirSync(folder, { recursive: true, encoding: 'utf8' })
  .filter((name) => /\.tsx?$/.test(name) && !name.includes('i18n') && !name.endsWith('.d.ts'))
  .map((name) => readFileSync(join(folder, name), 'utf8'))
  .join('\n');

it('both languages have the same texts with the same variables', () => {
  const variables = (text: string) => [...text.matchAll(/{{(\w+)}}/g)].map(([, name]) => name).sort();
  const chinese = new Map(textsOf(zhCN));
  expect([...chinese.keys()]).toEqual(textsOf(en).map(([key]) => key));
  for (const [key, text] of textsOf(en)) {
    // A text for one thing may leave out its number.
    if (key.endsWith('_one')) continue;
    expect([key, variables(chinese.get(key) ?? '')]).toEqual([key, variables(text)]);
  }
});

it('every text is used', () => {
  /** Keys that a template literal makes: `level.${level}`. */
  const made = [...sources.matchAll(/`(\w+)\.\$\{/g)].map(([, group]) => `${group}.`);
  const unused = textsOf(en)
    .map(([key]) => key.replace(/_(one|other)$/, ''))
    .filter((key) => !sources.includes(`'${key}'`) && !made.some((group) => key.startsWith(group)));
  expect(unused).toEqual([]);
});

it('no component has a text of its own', () => {
  const texts = [...sources.matchAll(/>\s*([A-Z][a-z]+(?: [a-z]+)+)\s*</g)].map(([, text]) => text);
  expect(texts).toEqual([]);
});
