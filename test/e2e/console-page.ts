import type { Browser, BrowserContext, Page } from 'playwright-core';
import { ADMIN_KEY } from './installation.js';

export interface ConsoleOptions {
  locale?: 'en-US' | 'zh-CN';
  colorScheme?: 'light' | 'dark';
  width?: number;
}

/** The console in a browser. What the browser complains about is kept: errors of scripts, and violations of the policy. */
export class ConsolePage {
  readonly complaints: string[] = [];

  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
    private readonly url: string,
  ) {
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(
    browser: Browser,
    url: string,
    { locale = 'en-US', colorScheme = 'light', width = 1280 }: ConsoleOptions = {},
  ): Promise<ConsolePage> {
    const context = await browser.newContext({ locale, colorScheme, viewport: { width, height: 900 } });
    context.setDefaultTimeout(10_000);
    const opened = new ConsolePage(await context.newPage(), context, url);
    await opened.page.goto(`${url}/`);
    return opened;
  }

  async signIn(key = ADMIN_KEY): Promise<void> {
    await this.page.locator('input[name=key]').fill(key);
    await this.page.locator('button[type=submit]').click();
  }

  /** Shows a page by its path in the fragment of the address. */
  async show(path: string): Promise<void> {
    await this.page.goto(`${this.url}/#${path}`);
    await this.page.getByRole('heading', { level: 1 }).waitFor();
    await this.page.locator('.mantine-Loader-root, .mantine-Skeleton-root').first().waitFor({ state: 'detached' });
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
