import AxeBuilder from '@axe-core/playwright';
import type { Page } from '@playwright/test';
import { expect } from '@playwright/test';

/** Where the plugin's own part of a page is; the rest is the app's. */
const OURS = 'main, [role="main"], [role="dialog"], [role="tooltip"]';

/** The looks of the app, by the ids of its themes. */
export const THEMES = ['light', 'dark'] as const;

/** The widths that every screen has to work at. */
export const WIDTHS = { desktop: 1440, tablet: 1024, phone: 400 } as const;

/** Shows the app in a theme from the next navigation on. */
export async function usesTheme(
  page: Page,
  theme: (typeof THEMES)[number],
): Promise<void> {
  await page.addInitScript(id => localStorage.setItem('theme', id), theme);
}

/**
 * Nothing that a screen reader or a weak pair of eyes stumbles over; the
 * failure names each rule and element. It is what the page comes to rest at
 * that counts: on a slow machine it may still be on its way there.
 */
export async function expectAccessible(
  page: Page,
  where: string,
  options: { include?: string } = {},
): Promise<void> {
  const parts = options.include ?? OURS;
  await expect(page.locator(parts).first()).toBeVisible();
  await expect
    .poll(() => findingsOn(page, parts), { message: `axe on ${where}` })
    .toEqual([]);
}

async function findingsOn(page: Page, parts: string): Promise<string[]> {
  await settled(page);
  const builder = new AxeBuilder({ page });
  for (const selector of parts.split(', ')) {
    if (await page.locator(selector).count()) {
      builder.include(selector);
    }
  }
  const { violations } = await builder.analyze();
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(
      ({ html, failureSummary }) =>
        `${id}: ${html.slice(0, 200)}\n${failureSummary ?? ''}`,
    ),
  );
}

/**
 * Everything fits beside each other: nobody has to push the page sideways to
 * read it. Some components measure themselves a moment after the window has
 * changed, so it is what the page comes to rest at that counts.
 */
export async function expectNoSidewaysScrolling(
  page: Page,
  where: string,
): Promise<void> {
  await expect
    .poll(() => tooWide(page), { message: `wider than the window: ${where}` })
    .toEqual([]);
}

async function tooWide(page: Page): Promise<string[]> {
  return page.evaluate(() => {
    const main = document.querySelector('main') ?? document.body;
    const roots = [document.documentElement, main];
    if (roots.every(root => root.scrollWidth <= root.clientWidth + 1)) {
      return [];
    }
    return [main, ...main.querySelectorAll('*')]
      .filter(element => element.getBoundingClientRect().right > innerWidth + 1)
      .slice(0, 3)
      .map(element => element.outerHTML.slice(0, 160));
  });
}

/** Colours that are still fading in are not those that people read. */
async function settled(page: Page): Promise<void> {
  await page.evaluate(() =>
    Promise.all(
      document
        .getAnimations()
        .filter(({ effect }) => effect?.getTiming().iterations !== Infinity)
        .map(animation => animation.finished.catch(() => undefined)),
    ),
  );
}
