import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type FastifyInstance, fastify } from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasContentHash, serveConsole } from './serve-console.js';

const folder = `${mkdtempSync(join(tmpdir(), 'tocsin-console-'))}/`;
const FILES = ['index.html', 'assets/app.js', 'assets/a/b/app-3f2a1b9c.js', 'assets/a/b/c/page-BxK3_f9a.css'];
let server: FastifyInstance;

beforeAll(async () => {
  for (const file of FILES) {
    mkdirSync(dirname(join(folder, file)), { recursive: true });
    writeFileSync(join(folder, file), `content of ${file}`);
  }
  server = fastify();
  serveConsole(server, folder);
  await server.ready();
});
afterAll(async () => {
  await server.close();
  rmSync(folder, { recursive: true });
});

const get = (url: string, headers: Record<string, string> = {}) => server.inject({ url, headers });

describe('the files of the console', () => {
  it.each([
    ['/', 'index.html', 'no-cache'],
    ['/assets/app.js', 'assets/app.js', 'public, max-age=60'],
    ['/assets/a/b/app-3f2a1b9c.js', 'assets/a/b/app-3f2a1b9c.js', 'public, max-age=31536000, immutable'],
    ['/assets/a/b/c/page-BxK3_f9a.css', 'assets/a/b/c/page-BxK3_f9a.css', 'public, max-age=31536000, immutable'],
  ])('%s is served from its folder, however deep, and cached by its name', async (url, file, cacheControl) => {
    const answer = await get(url);
    expect(answer.statusCode).toBe(200);
    expect(answer.body).toBe(`content of ${file}`);
    expect(answer.headers['cache-control']).toBe(cacheControl);
  });

  it('are revalidated by their ETag', async () => {
    for (const url of ['/', '/assets/app.js']) {
      const { etag } = (await get(url)).headers;
      expect(etag).toBeTypeOf('string');
      expect((await get(url, { 'if-none-match': String(etag) })).statusCode).toBe(304);
    }
  });

  it('that are missing, or lie outside the folder, are not found', async () => {
    for (const url of ['/assets/nope.js', '/assets/a/b', '/assets/../index.html', '/assets/%2e%2e/index.html'])
      expect((await get(url)).statusCode, url).toBeGreaterThanOrEqual(400);
    expect((await get('/assets/nope-3f2a1b9c.js')).headers['cache-control']).toBeUndefined();
  });
});

it.each([
  ['app-3f2a1b9c.js', true],
  ['app.0123456789abcdef.css', true],
  ['app-BxK3_f9a.js', true],
  ['app-BxK3-f9a.js.map', true],
  ['app.js', false],
  ['endpoint-settings.js', false],
  ['schema-form.js', false],
  ['react.production.js', false],
  ['icon.svg', false],
])('the name %s ends in a hash of the content: %s', (name, expected) => {
  expect(hasContentHash(name)).toBe(expected);
});
