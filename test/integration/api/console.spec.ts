import { afterAll, beforeAll, expect, it } from 'vitest';
import { type Api, openApi } from './open-api.js';

let api: Api;
beforeAll(async () => {
  api = await openApi();
});
afterAll(() => api.close());

const NO_KEY = { authorization: '' };

it('the console needs no key, and allows only its own scripts', async () => {
  const page = await api.get('/', NO_KEY);
  expect(page.status).toBe(200);
  expect(page.headers['content-type']).toContain('text/html');
  expect(page.headers['content-security-policy']).toContain("script-src 'self'");
  const assets = [...page.text.matchAll(/(?:href|src)="\.\/(assets\/[^"]+)"/g)].map(([, path]) => path);
  expect(assets.length).toBeGreaterThan(2);
  for (const path of assets) expect((await api.get(`/${path}`, NO_KEY)).status, path).toBe(200);
});

it.each([
  '/assets/../../package.json',
  '/assets/%2e%2e/index.html',
  '/assets/..%2f..%2fmain.ts',
  '/assets/',
  '/index.html',
])('%s is no way to other files', async (path) => {
  expect((await api.get(path, NO_KEY)).status).toBeGreaterThanOrEqual(400);
});
