import { readdirSync, readFileSync } from 'node:fs';
import { expect, it, vi } from 'vitest';

const assets = new URL('./public/assets/', import.meta.url);
const page = readFileSync(new URL('./public/index.html', import.meta.url), 'utf8');
const styles = readdirSync(assets)
  .filter((name) => name.endsWith('.css'))
  .map((name) => readFileSync(new URL(name, assets), 'utf8'));
const scripts = readdirSync(assets)
  .filter((name) => name.endsWith('.js'))
  .map((name) => ({ name, source: readFileSync(new URL(name, assets), 'utf8') }));

it('works under a strict content security policy: nothing inline, nothing from other hosts', () => {
  expect(page.replaceAll(/<script[^>]*src="assets\/[^"]*"[^>]*><\/script>/g, '')).not.toMatch(
    /<script|<style|\son\w+=|style=/,
  );
  for (const text of [page, ...styles]) {
    expect(text).not.toMatch(/https?:|url\(|@import/);
  }
});

it.each(scripts)('$name inserts text, never HTML, and evaluates no text', ({ source }) => {
  expect(source).not.toMatch(
    /innerHTML|outerHTML|insertAdjacentHTML|document\.write|DOMParser|eval\(|new Function|srcdoc/,
  );
});

it('has every text in both languages, and uses each', async () => {
  vi.stubGlobal('navigator', { languages: ['zh-TW', 'en'] });
  vi.stubGlobal('localStorage', { getItem: () => null });
  vi.stubGlobal('document', { documentElement: {} });
  const { t, WORDS } = await import('./public/assets/words.js' as string);
  expect(Object.keys(WORDS['zh-CN'])).toEqual(Object.keys(WORDS.en));
  expect(t('removeSure', '$& {0}')).toBe('确定删除 $& {0}？待推送的消息将被取消。');
  const sources = scripts.filter(({ name }) => name !== 'words.js').map(({ source }) => source);
  const used = new Set(sources.flatMap((source) => [...source.matchAll(/'([A-Za-z]+)'/g)].map(([, word]) => word)));
  // Kinds of outcome come from the API.
  const named = ['rejected', 'misconfigured', 'throttled', 'unavailable', 'unknown', 'waiting', ...used];
  expect(Object.keys(WORDS.en).filter((word) => !named.includes(word))).toEqual([]);
});
