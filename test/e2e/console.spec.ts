import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { gzipSync } from 'node:zlib';
import AxeBuilder from '@axe-core/playwright';
import type { Browser } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import { startChromium } from '../support/start-chromium.js';
import { type ConsoleOptions, ConsolePage } from './console-page.js';
import { Installation } from './installation.js';

const FIRST_VIEW_BYTES_MAX = 350_000;
const PATHS = ['/', '/endpoints', '/endpoints/new', '/endpoints/new?channel=dingtalk', '/policies', '/deliveries'];

let installation: Installation;
let browser: Browser;
let receiver: Server;
let receiverUrl: string;
const received: string[] = [];
let shown: ConsolePage | undefined;

beforeAll(async () => {
  receiver = createServer((request, response) => {
    request.on('data', (chunk) => received.push(String(chunk)));
    request.on('end', () => response.end('thank you'));
  }).listen(0, '127.0.0.1');
  [installation, browser] = await Promise.all([Installation.start(), startChromium()]);
  receiverUrl = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/alerts`;
});
afterEach(async () => {
  await shown?.close();
  shown = undefined;
});
afterAll(async () => {
  await browser?.close();
  await installation?.stop();
  receiver.close();
});

async function openConsole(options?: ConsoleOptions): Promise<ConsolePage> {
  shown = await ConsolePage.open(browser, installation.apiUrls[0] as string, options);
  return shown;
}

async function signedIn(options?: ConsoleOptions): Promise<ConsolePage> {
  const opened = await openConsole(options);
  await opened.signIn();
  await opened.page.getByRole('navigation').waitFor({ state: 'attached' });
  return opened;
}

it('refuses a wrong key, and takes the right one until the end of the session', async () => {
  const opened = await openConsole();
  const { page } = opened;
  await opened.signIn('wrong');
  await page.getByText('This key is not valid.').waitFor();
  await opened.signIn();
  await page.getByRole('heading', { name: 'Overview' }).waitFor();
  await page.getByRole('button', { name: 'Language, Colors' }).click();
  await page.getByRole('menuitem', { name: 'Sign out' }).click();
  await page.getByText('Sign in to Tocsin').waitFor();
});

describe('a person with a new installation', () => {
  it('adds an endpoint, tests it before it is saved, and sees the first alert arrive', async () => {
    const { page, complaints } = await signedIn();
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await page.getByRole('button', { name: 'Add endpoint' }).click();
    await page.getByRole('button', { name: 'Webhook' }).click();
    await page.getByLabel(/^Name/).fill('night shift');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('is required').first().waitFor();
    await page.getByLabel(/^URL/).fill(receiverUrl);
    await page.getByRole('button', { name: 'Test' }).click();
    await page.getByText('Every target accepted the test.').waitFor();
    await page.getByText('thank you').waitFor();
    await page.getByRole('button', { name: 'Close' }).click();
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByText('night shift is saved').waitFor();

    await installation.call('POST', '/api/v1/events', {
      policy: 'cpu',
      object: 'host-42',
      level: 'fatal',
      title: 'hot',
    });
    await page.getByRole('link', { name: 'Deliveries' }).click();
    await page.getByRole('button', { name: 'hot' }).click();
    await page.getByText('Attempt 1').waitFor();
    await page.getByRole('dialog').getByText('delivered').first().waitFor();
    expect(received.some((body) => body.includes('host-42'))).toBe(true);
    // The refused form is an answer of the API.
    expect(complaints.filter((text) => !text.includes('400'))).toEqual([]);
  });

  it('changes, switches off, copies and deletes an endpoint, and sees which policies push to it', async () => {
    const { page, complaints } = await signedIn();
    await page.getByRole('link', { name: 'Endpoints' }).click();
    await page.getByRole('link', { name: 'night shift' }).click();
    await page.getByLabel('Push period').fill('30m');
    await page.getByRole('button', { name: 'Save' }).click();
    await page.getByRole('cell', { name: '30m' }).waitFor();
    await page.getByLabel('Receives notifications: night shift').click({ force: true });
    await page.getByRole('button', { name: 'Actions of night shift' }).click();
    await page.getByRole('menuitem', { name: 'Clone' }).click();
    await page.getByText('Copied as').waitFor();
    const endpoints = await installation.call<{ items: { name: string; enabled: boolean; pushPeriod: string }[] }>(
      'GET',
      '/api/v1/endpoints',
    );
    const saved = endpoints.items.find(({ name }) => name === 'night shift');
    expect(saved).toMatchObject({ enabled: false, pushPeriod: '30m' });
    expect(endpoints.items).toHaveLength(2);
    await page.getByRole('button', { name: 'Actions of night shift', exact: true }).click();
    await page.getByRole('menuitem', { name: 'Delete' }).click();
    await page.getByText('One policy pushes to it:').waitFor();
    await page.getByRole('button', { name: 'Delete' }).click();
    await page.getByText('night shift is deleted').waitFor();
    expect(complaints).toEqual([]);
  });

  it('makes a policy for an event that no policy took', async () => {
    await installation.call('POST', '/api/v1/policies', { key: '*', endpoints: [], enabled: false }).catch(() => {});
    const { items } = await installation.call<{ items: { key: string }[] }>('GET', '/api/v1/policies');
    for (const { key } of items) await installation.call('DELETE', `/api/v1/policies/${encodeURIComponent(key)}`);
    await installation.call('POST', '/api/v1/events', { policy: 'disk', object: 'host-7', level: 'warning' });
    const { page, complaints } = await signedIn();
    await page.getByRole('link', { name: 'Policies' }).click();
    await page.getByRole('button', { name: 'Add a policy for disk' }).first().click();
    await page.getByRole('dialog').getByLabel('Endpoints').first().click();
    await page.getByRole('option').first().click();
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await page.getByText('disk is saved').waitFor();
    expect(complaints).toEqual([]);
  });
});

describe.each([
  { locale: 'en-US', colorScheme: 'light', width: 1280 },
  { locale: 'zh-CN', colorScheme: 'dark', width: 360 },
] as const)('every page in $locale, $colorScheme, $width px wide', (options) => {
  it('has no barrier, breaks no policy, reports no error, and is no wider than the window', async () => {
    const opened = await signedIn(options);
    for (const path of PATHS) {
      await opened.show(path);
      const { violations } = await new AxeBuilder({ page: opened.page }).analyze();
      expect(violations.map(({ id, nodes }) => `${path}: ${id}: ${nodes[0]?.html}`)).toEqual([]);
      const wide = await opened.page.evaluate<number>('document.documentElement.scrollWidth - window.innerWidth');
      expect([path, wide]).toEqual([path, 0]);
    }
    expect(opened.complaints).toEqual([]);
  });
});

it('is in Chinese in a Chinese browser, and in the other language when it is chosen', async () => {
  const { page } = await signedIn({ locale: 'zh-CN' });
  await page.getByRole('link', { name: '推送端点' }).waitFor();
  await page.getByRole('button', { name: '语言, 外观' }).click();
  await page.getByRole('menuitem', { name: 'English' }).click();
  await page.getByRole('link', { name: 'Endpoints' }).waitFor();
  expect(await page.locator('html').getAttribute('lang')).toBe('en');
});

it(`loads at most ${FIRST_VIEW_BYTES_MAX / 1000} kB, compressed, until the first list is shown`, async () => {
  const opened = await openConsole();
  const sizes: Promise<number>[] = [];
  const count = async (body: Promise<Buffer>) => gzipSync(await body, { level: 9 }).length;
  opened.page.on('response', (response) => {
    if (/\.(js|css)$/.test(new URL(response.url()).pathname)) sizes.push(count(response.body()));
  });
  await opened.page.reload();
  await opened.signIn();
  await opened.show('/endpoints');
  await opened.page.getByRole('table').waitFor();
  const bytes = (await Promise.all(sizes)).reduce((sum, size) => sum + size, 0);
  expect(bytes).toBeGreaterThan(100_000);
  expect(bytes).toBeLessThan(FIRST_VIEW_BYTES_MAX);
});
