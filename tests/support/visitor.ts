import { readFileSync } from 'node:fs';
import type { Browser, BrowserContext, BrowserContextOptions, Page } from 'playwright-core';
import { expect } from 'vitest';

const AXE = readFileSync(new URL('../../node_modules/axe-core/axe.min.js', import.meta.url), 'utf8');
export const PHONE = { width: 360, height: 740 };
export const DESKTOP = { width: 1280, height: 800 };

/** A person at a real browser. Each page they come to can be looked at: axe, title, one heading, no sideways scroll. */
export class Visitor {
  readonly page: Page;
  private readonly own: string;
  private readonly context: BrowserContext;
  private readonly complaints: string[] = [];

  private constructor(context: BrowserContext, page: Page, own: string) {
    this.context = context;
    this.page = page;
    this.own = own;
    page.on('pageerror', ({ message }) => this.complaints.push(message));
    page.on('console', (message) => {
      if (message.type() === 'error' && page.url().startsWith(own) && !/status of (4\d\d)/.test(message.text()))
        this.complaints.push(`${page.url()}: ${message.text()}`);
    });
  }

  /** One who wants no motion: a page is as it is to be at once. */
  static async arrive(browser: Browser, own: string, options: BrowserContextOptions = {}): Promise<Visitor> {
    const context = await browser.newContext({ viewport: PHONE, locale: 'ru-RU', reducedMotion: 'reduce', ...options });
    return new Visitor(context, await context.newPage(), own);
  }

  /** Another window of a browser that is open already. */
  static async enter(context: BrowserContext, own: string): Promise<Visitor> {
    return new Visitor(context, await context.newPage(), own);
  }

  async open(path: string): Promise<void> {
    await this.page.goto(this.own + path);
    await this.look();
  }

  /** Follows a link or presses a button by its visible name, and looks at what opens. */
  async press(role: 'link' | 'button', name: string | RegExp, options: { exact?: boolean } = {}): Promise<void> {
    const target = this.page.getByRole(role, { name, ...options }).first();
    await Promise.all([this.page.waitForEvent('load'), target.click()]);
    await this.look();
  }

  /** What every page of ours must be. Pages of the sandbox are looked at by its own tests. */
  async look(): Promise<void> {
    const { page } = this;
    if (!page.url().startsWith(this.own)) return;
    expect(await page.title(), page.url()).toMatch(/\S+ — Домовой$/);
    expect(await page.locator('h1').count(), `one h1 on ${page.url()}`).toBe(1);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    expect(wide, `sideways scroll on ${page.url()}`).toBe(0);
    expect(await this.violations(), page.url()).toEqual([]);
    expect(this.complaints).toEqual([]);
  }

  private async violations(): Promise<string[]> {
    // By the debugger: the page's own policy lets no script in from outside.
    await this.page.evaluate(AXE);
    return this.page.evaluate(async () => {
      const axe = (globalThis as unknown as { axe: typeof import('axe-core') }).axe;
      // Styles are read by no rule that runs: axe would fetch them anew for each page.
      const { violations } = await axe.run(document, { preload: false, rules: { 'target-size': { enabled: true } } });
      return violations.map(({ id, nodes }) => `${id}: ${nodes.length} × ${nodes[0]?.html.slice(0, 200)}`);
    });
  }

  /**
   * From the order's page to the bank's. A bank that is slow to answer leaves the person on the order's page,
   * where the way to the bank appears when it has answered.
   */
  async goToBank(): Promise<void> {
    const { page, own } = this;
    await page
      .getByRole('button', { name: /^Перейти в банк/ })
      .first()
      .click();
    const back = page.getByRole('link', { name: 'Вернуться на страницу банка' });
    const atHome = async () => {
      if (!page.url().startsWith(own)) return false;
      // The page may leave by itself at this very moment.
      if ((await back.count().catch(() => 0)) > 0) await back.click().catch(() => undefined);
      return page.url().startsWith(own);
    };
    await expect.poll(atHome, { timeout: 90_000 }).toBe(false);
  }

  /** Signs in at the sandbox and accepts the texts; `capacity` is the name of an organisation to act for. */
  async signIn(login: string, capacity?: string): Promise<void> {
    await this.page.goto(`${this.own}/sign-in`);
    await this.page.locator(`button[value="${login}"], input[value="${login}"]`).first().click();
    const enter = this.page.getByRole('button', { name: /^Войти/ });
    if (!this.page.url().startsWith(this.own) && (await enter.count()) > 0) await enter.first().click();
    await this.page.waitForURL(`${this.own}/**`);
    if (!this.page.url().includes('/welcome')) return;
    await this.look();
    if (capacity) await this.page.getByLabel(`От имени: ${capacity}`).check({ force: true });
    for (const label of ['Принимаю условия соглашения', 'Даю согласие на обработку моих данных'])
      await this.page.getByLabel(label).check({ force: true });
    await this.page.getByRole('button', { name: 'Войти', exact: true }).click();
    await this.page.waitForLoadState();
  }

  leave(): Promise<void> {
    return this.context.close();
  }
}
