import type { Browser, BrowserContext, Locator, Page } from '@playwright/test';
import { expect } from '@playwright/test';
import type { BuiltApp } from './BuiltApp';
import type { Name } from './Person';

const DISPLAY_NAMES: Record<Name, string> = {
  ada: 'Ada',
  olga: 'Olga',
  omar: 'Omar',
  sam: 'Sam',
  pia: 'Pia',
};

/** Somebody who sits in front of a browser of their own. */
export class PersonInBrowser {
  private constructor(
    readonly page: Page,
    private readonly context: BrowserContext,
  ) {}

  /** @param app - another app than the demo's own */
  static async signIn(
    browser: Browser,
    name: Name,
    app?: BuiltApp,
  ): Promise<PersonInBrowser> {
    const context = await browser.newContext();
    await app?.serveTo(context);
    const page = await context.newPage();
    await page.goto('/');
    await page
      .getByRole('button', { name: `Sign in as ${DISPLAY_NAMES[name]}` })
      .click();
    await expect(
      page.getByRole('link', { name: /Kubernetes access/ }).first(),
    ).toBeVisible();
    return new PersonInBrowser(page, context);
  }

  /** The line of the Access tab that says how things stand. */
  get stateLine(): Locator {
    return this.page.getByRole('region', { name: 'How things stand' });
  }

  /** What stands on the terminal's screen, as a screen reader gets it. */
  get screen(): Locator {
    return this.page.getByRole('region', { name: /^Terminal in / });
  }

  async opensAccessTab(component: string, inner = ''): Promise<void> {
    await this.page.goto(
      `/catalog/default/component/${component}/access${inner}`,
    );
  }

  async opensToDecide(): Promise<void> {
    await this.page.goto('/kubernetes-access');
  }

  button(name: string | RegExp): Locator {
    return this.page.getByRole('button', { name });
  }

  async asks(reason: string, duration = '15 min'): Promise<void> {
    await this.page
      .getByRole('button', { name: duration, exact: true })
      .click();
    await this.page.getByRole('textbox', { name: /^Why/ }).fill(reason);
    await this.button('Send request').click();
  }

  /** Types into the terminal and waits for what it prints. */
  async types(text: string, expected: string | RegExp): Promise<void> {
    await this.screen.click();
    await this.page.keyboard.type(text);
    await this.page.keyboard.press('Enter');
    await expect(this.screen).toContainText(expected);
  }

  async leaves(): Promise<void> {
    await this.context.close();
  }
}
