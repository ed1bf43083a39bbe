import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import { type Browser, type BrowserContext, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { eventually } from './eventually.ts';

const CHROMIUM = process.env['MUSTER_TEST_CHROMIUM'] ?? '/usr/bin/chromium';
const SCREENSHOTS = 'artifacts/browser';
/** Far beyond what anything takes, so that a busy machine fails no test. */
const ACTION_MS = 30_000;

/** Keeps the browser to itself: nothing of it talks to anywhere but to the page under test. */
const QUIET = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

/** How a page is looked at. */
export interface Look {
  readonly width?: number;
  readonly height?: number;
  readonly scheme?: 'light' | 'dark';
  readonly scripts?: boolean;
}

/** A headless Chromium with a new, empty profile. */
export class TestBrowser {
  readonly #browser: Browser;
  readonly #contexts: BrowserContext[] = [];

  private constructor(browser: Browser) {
    this.#browser = browser;
  }

  static async start(): Promise<TestBrowser> {
    mkdirSync(SCREENSHOTS, { recursive: true });
    return new TestBrowser(await chromium.launch({ executablePath: CHROMIUM, args: QUIET }));
  }

  /** Opens an address in a new context, and waits until it is loaded. */
  async open(
    url: string,
    { width = 1_280, height = 800, scheme = 'light', scripts = true }: Look = {},
  ): Promise<TestPage> {
    const options: BrowserContextOptions = {
      viewport: { width, height },
      colorScheme: scheme,
      javaScriptEnabled: scripts,
      permissions: scripts ? ['clipboard-read', 'clipboard-write'] : [],
    };
    const context = await this.#browser.newContext(options);
    this.#contexts.push(context);
    context.setDefaultTimeout(ACTION_MS);
    const page = new TestPage(await context.newPage());
    await page.page.goto(url);
    return page;
  }

  /** Closes every page that was opened. */
  async closePages(): Promise<void> {
    await Promise.all(this.#contexts.splice(0).map(async (context) => context.close()));
  }

  async close(): Promise<void> {
    await this.#browser.close();
  }
}

/** A page under test. It notes everything that the browser complains of: errors, and what the page's policy has stopped. */
export class TestPage {
  readonly page: Page;
  /** What the browser complained of. */
  readonly complaints: string[] = [];

  constructor(page: Page) {
    this.page = page;
    page.on('console', (message) => {
      if (message.type() === 'error' || message.type() === 'warning') this.complaints.push(message.text());
    });
    page.on('pageerror', (error) => this.complaints.push(String(error)));
    page.on('dialog', (dialog) => {
      this.complaints.push(`dialog: ${dialog.message()}`);
      void dialog.dismiss();
    });
  }

  /** Keeps a picture of the page as it is, for people to look at. */
  async keep(name: string, fullPage = true): Promise<void> {
    await this.page.screenshot({ path: `${SCREENSHOTS}/${name}.png`, fullPage });
  }

  /** What is wider than the window. */
  async tooWide(): Promise<string[]> {
    return this.page.evaluate<string[]>(`[...document.querySelectorAll('body *')]
      .filter((element) => !element.closest('pre, .unseen, .skip, svg') && element.getBoundingClientRect().right > innerWidth + 1)
      .map((element) => element.outerHTML.slice(0, 120))
      .concat(document.documentElement.scrollWidth > innerWidth ? ['the page'] : [])`);
  }

  /** What axe finds that is to be mended, by WCAG 2.2 AA and by its own best practices. */
  async findings(): Promise<string[]> {
    await this.page.evaluate(axe.source);
    const { violations } = await this.page.evaluate<{ readonly violations: axe.Result[] }>(
      "axe.run(document, { resultTypes: ['violations'] })",
    );
    return violations.flatMap(({ id, nodes }) =>
      nodes.map(({ html, failureSummary }) => `${id}: ${html}\n${failureSummary}`),
    );
  }

  /** The names of the members, in the order in which they are shown. */
  async members(): Promise<string[]> {
    return this.page.locator('tbody tr:not(.group) .name').allTextContents();
  }

  /**
   * Waits until an expression is true in the page. It is asked for from outside: the page's policy lets nothing inside it be made of
   * a text.
   *
   * @returns how long it took, in milliseconds
   */
  async until(expression: string, deadlineMs = ACTION_MS): Promise<number> {
    return eventually({
      what: expression,
      deadlineMs,
      read: async () => this.page.evaluate<boolean>(expression),
      until: (value) => value,
    });
  }

  /** Waits until the page follows the node. */
  async live(): Promise<void> {
    await this.page.locator('[data-pulse="live"]').waitFor();
  }
}
