import { existsSync, globSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { channelByType } from '#libs/channels';
import { variables } from '../libs/config/src/variables.js';

const ROOT = fileURLToPath(new URL('../', import.meta.url));
const read = (file: string): string => readFileSync(join(ROOT, file), 'utf8');
const list = (...patterns: string[]): string[] => globSync(patterns, { cwd: ROOT }).sort();
const all = (text: string, pattern: RegExp): string[] => [
  ...new Set([...text.matchAll(pattern)].map((match) => match.slice(1).find((group) => group !== undefined) ?? '')),
];

const pages = list('README.md', 'docs/*.md');
const SOURCES = list('{apps,libs,scripts,test}/**/*.{ts,mjs,lua}');
const compose = read('docker-compose.yml');
const npmScripts: Record<string, string> = JSON.parse(read('package.json')).scripts;

/** Headings as GitHub makes anchors of them. */
const anchors = (file: string): string[] =>
  all(read(file), /^#+ (.+)$/gm).map((heading) =>
    heading
      .toLowerCase()
      .replace(/[^\p{L}\p{N} _-]/gu, '')
      .replaceAll(' ', '-'),
  );

it('README has at most 150 lines and links every page of docs/', () => {
  const readme = read('README.md');
  expect(readme.trimEnd().split('\n').length).toBeLessThanOrEqual(150);
  for (const page of list('docs/*.md')) expect(readme).toContain(`(${page})`);
});

it('docs/configuration.md documents every variable of libs/config', () => {
  const documented = all(read('docs/configuration.md'), /`([A-Z][A-Z_]+)`/g);
  for (const name of Object.keys(variables.shape)) expect(documented).toContain(name);
});

describe.each(pages)('%s', (page) => {
  const text = read(page);

  it('names only variables that libs/config or docker-compose.yml has', () => {
    const names = all(text, /\b(TOCSIN_[A-Z_]+)\b|`([A-Z]+(?:_[A-Z]+)+)\b|^\| `([A-Z]+)`/gm);
    for (const name of names)
      expect([name, name in variables.shape || compose.includes(`\${${name}:`)]).toEqual([name, true]);
  });

  it('names only commands that package.json and scripts/bench have', () => {
    for (const name of all(text, /\bnpm (?:run )?([a-z][a-z:]*)/g)) expect(Object.keys(npmScripts)).toContain(name);
    const bench = all(read('scripts/bench.mjs'), /^\/\/ npm run bench -- ([a-z-]+)/gm);
    for (const name of all(text, /npm run bench -- ([a-z-]+)/g)) expect(bench).toContain(name);
  });

  it('links to files and headings that exist', () => {
    for (const link of all(text, /\]\((?!https?:)([^)]+)\)/g).filter((target) => !target.startsWith('http://127.'))) {
      const [path = '', anchor] = link.split('#');
      const file = path === '' ? page : join(dirname(page), path);
      expect([link, existsSync(join(ROOT, file))]).toEqual([link, true]);
      if (anchor !== undefined) expect(anchors(file)).toContain(anchor);
    }
  });

  it('names only metrics and files that exist', () => {
    const sources = list('libs/*/src/**/*.ts', 'apps/*/src/**/*.ts').map(read).join('\n');
    for (const metric of all(text, /\b(tocsin_[a-z_]+[a-z])\b/g)) expect(sources).toContain(`'${metric}'`);
    for (const file of all(text, /`((?:apps|libs|scripts|test|docs)\/[\w./-]+)`/g))
      expect([file, existsSync(join(ROOT, file))]).toEqual([file, true]);
  });

  it('has requests whose bodies the API accepts', () => {
    const requests = [...text.matchAll(/curl -s "?http:\S+?(\/api\/[^\s"?]+)[^`]*?-d '([^']+)'/g)];
    expect(requests).toHaveLength(all(text, /(-d '[^']+')/g).length);
    for (const [, path, body = ''] of requests) {
      const parsed = JSON.parse(body.replaceAll('…', 'x'.repeat(32)));
      if (path !== '/api/v1/endpoints') continue;
      const result = channelByType(parsed.channel)?.config.safeParse(parsed.config);
      expect([parsed.channel, result?.error?.issues, result?.success]).toEqual([parsed.channel, undefined, true]);
    }
  });
});

describe.each([...pages, ...list('docs/adr/*.md'), 'CONTRIBUTING.md'])('%s', (page) => {
  it('links to files that exist', () => {
    for (const link of all(read(page), /\]\((?!https?:)([^)#]+)/g).filter((target) => !target.startsWith('#')))
      expect([link, existsSync(join(ROOT, dirname(page), link))]).toEqual([link, true]);
  });

  it('names only source files that exist', () => {
    const names = all(read(page), /`([\w.-]+\.(?:ts|mjs|lua))`/g).filter((name) => !name.startsWith('.'));
    for (const name of names) expect([name, SOURCES.some((file) => file.endsWith(`/${name}`))]).toEqual([name, true]);
  });
});
