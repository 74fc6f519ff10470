import { mkdirSync } from 'node:fs';
import axe from 'axe-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { PASSWORD } from '../../dashboard/support/dashboard.js';

export type Theme = 'light' | 'dark';
export const ARTEFACTS = 'artefacts/browser';

interface Finding {
  readonly id: string;
  readonly impact: string;
  readonly nodes: readonly string[];
}
/** Runs in the page; as text, because this program knows no document. */
const JUDGE = `axe.run(document, { resultTypes: ['violations'] }).then(({ violations }) =>
  violations.map(({ id, impact, nodes }) => ({ id, impact, nodes: nodes.map(({ html, failureSummary }) => html.slice(0, 160) + ' ' + failureSummary) })))`;

/** Passwords are slow to check on purpose: each person signs in once. */
const signedIn = new Map<string, Awaited<ReturnType<BrowserContext['cookies']>>>();

interface VisitOptions {
  readonly user?: 'viewer' | 'operator' | 'admin';
  readonly theme?: Theme;
  readonly width?: number;
  readonly locale?: string;
}

/** One person's browser: signed in, and everything it asks for or complains of written down. */
export class Visit {
  readonly page: Page;
  readonly context: BrowserContext;
  readonly base: string;
  /** Addresses of all requests, and what the console complained of. */
  readonly requests: string[] = [];
  readonly complaints: string[] = [];
  /** Bodies of what was sent to change something. */
  readonly posts: string[] = [];

  private constructor(base: string, context: BrowserContext, page: Page) {
    this.base = base;
    this.context = context;
    this.page = page;
    page.on('request', (request) => {
      this.requests.push(request.url());
      if (request.method() === 'POST') this.posts.push(request.postData() ?? '');
    });
    page.on('pageerror', (error) => this.complaints.push(error.message));
    page.on('console', (message) => {
      if (message.type() === 'error') this.complaints.push(message.text());
    });
  }

  static async open(browser: Browser, base: string, options: VisitOptions = {}): Promise<Visit> {
    const { user = 'admin', theme = 'light', width = 1440, locale = 'en' } = options;
    const context = await browser.newContext({
      viewport: { width, height: width < 500 ? 780 : 900 },
      colorScheme: theme,
      locale,
      permissions: ['clipboard-read', 'clipboard-write'],
    });
    await context.addInitScript({ content: axe.source });
    const known = signedIn.get(`${base} ${user}`);
    if (known !== undefined) {
      await context.addCookies(known);
      return new Visit(base, context, await context.newPage());
    }
    const answer = await context.request.post(`${base}/api/v1/session`, {
      data: { user, password: PASSWORD },
      headers: { origin: base, 'sec-fetch-site': 'same-origin' },
    });
    if (!answer.ok()) throw new Error(`${user} could not sign in: ${answer.status()} ${await answer.text()}`);
    signedIn.set(`${base} ${user}`, await context.cookies());
    return new Visit(base, context, await context.newPage());
  }

  /** Opens a view and waits until what it shows is there: its heading, and nothing awaited. */
  async go(path: string): Promise<void> {
    await this.page.goto(`${this.base}${path}`);
    await this.settled();
  }

  async settled(): Promise<void> {
    await this.page.locator('main h1').first().waitFor();
    await this.page.locator('main .fresh:not(.waiting), main .empty, main.sign-in').first().waitFor();
  }

  async shot(name: string): Promise<void> {
    mkdirSync(ARTEFACTS, { recursive: true });
    await this.page.screenshot({ path: `${ARTEFACTS}/${name}.png` });
  }

  /** What axe finds that is serious or critical, as one line each. */
  async violations(): Promise<string[]> {
    const found = await this.page.evaluate<Finding[]>(JUDGE);
    return found
      .filter(({ impact }) => impact === 'serious' || impact === 'critical')
      .map(({ id, nodes }) => `${id}: ${nodes.slice(0, 3).join(' | ')}`);
  }

  /** Pixels by which the document is wider than its window. */
  overflow(): Promise<number> {
    return this.page.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
  }

  elements(): Promise<number> {
    return this.page.evaluate<number>("document.querySelectorAll('*').length");
  }

  close(): Promise<void> {
    return this.context.close();
  }
}
