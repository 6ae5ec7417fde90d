import { readFile } from 'node:fs/promises';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  Person,
  PersonInBrowser,
  Shell,
  THEMES,
  usesTheme,
  WIDTHS,
} from '../support';

const WHY = 'To look at the ledger of last night.';

/** Every tab, and what stands on it once it is there. */
const TABS = [
  { name: 'To decide', path: '', shows: /asks for a shell|Nothing waits/ },
  { name: 'Mine', path: '/mine', shows: /You have not asked for anything|Now/ },
  { name: 'Live', path: '/live', shows: /minutes left/ },
  { name: 'History', path: '/history', shows: WHY },
  { name: 'Clusters', path: '/clusters', shows: 'Ready' },
] as const;

test.describe('the page Kubernetes access', () => {
  let ada: Person;
  let shell: Shell;

  test.beforeAll(async () => {
    ada = await Person.signIn('ada');
    const sam = await Person.signIn('sam');
    const olga = await Person.signIn('olga');
    await Promise.all([ada, sam].map(who => who.endsEverything()));
    // One that waits, one that is in use, one that was denied.
    const used = await ada.ask('payments-api', { reason: WHY });
    await olga.approve(used);
    await ada.seesPhase(used.id, 'Active');
    shell = await Shell.open(await ada.ticket(used));
    const denied = await sam.ask('payments-api');
    await olga.api.denyRequest(denied.id, {
      digest: denied.digest,
      comment: 'Please use staging.',
    });
    await ada.ask('payments-worker');
  });

  test.afterAll(async () => {
    shell?.close();
    await ada.endsEverything();
  });

  for (const theme of THEMES) {
    test(`can be read by everybody at any width, in the ${theme} theme`, async ({
      browser,
    }) => {
      test.slow();
      const pia = await PersonInBrowser.signIn(browser, 'pia');
      await usesTheme(pia.page, theme);
      for (const { name, path, shows } of TABS) {
        await pia.page.setViewportSize({ width: WIDTHS.desktop, height: 900 });
        await pia.page.goto(`/kubernetes-access${path}`);
        await expectTab(pia.page, name, shows);
        for (const [device, width] of Object.entries(WIDTHS)) {
          await pia.page.setViewportSize({ width, height: 900 });
          await expectTab(pia.page, name, shows);
          const where = `${name}, ${theme}, ${device}`;
          await expectNoSidewaysScrolling(pia.page, where);
          await expectAccessible(pia.page, where);
        }
      }
      await pia.leaves();
    });
  }

  test('keeps the filters of the history in the address, through a reload and back again', async ({
    browser,
  }) => {
    const { page, leaves } = await inHistory(browser);
    await page.getByRole('searchbox', { name: 'Search' }).fill('ledger ada');
    await expect(page).toHaveURL(/search=ledger\+ada/);
    await page.getByLabel('State').selectOption({ label: 'Active' });
    await expect(page).toHaveURL(/state=active/);
    await expect(rows(page)).toHaveCount(1);

    await page.reload();
    await expect(rows(page)).toHaveCount(1);
    await expect(page.getByRole('searchbox')).toHaveValue('ledger ada');
    await expect(page.getByLabel('State')).toHaveValue('active');

    await page.getByRole('link', { name: 'payments-api' }).first().click();
    await expect(page).toHaveURL(/\/requests\//);
    await page.goBack();
    await expect(page).toHaveURL(/search=ledger\+ada&state=active/);
    await expect(rows(page)).toHaveCount(1);
    await page.getByRole('button', { name: 'Clear the filters' }).click();
    await expect(page).toHaveURL(/\/history\??$/);
    await leaves();
  });

  test('saves what the filters leave as a file', async ({ browser }) => {
    const { page, leaves } = await inHistory(browser, '?search=ledger');
    const [csv] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export CSV' }).click(),
    ]);
    expect(csv.suggestedFilename()).toBe('kubernetes-access.csv');
    const text = await readFile(await csv.path(), 'utf8');
    expect(text).toMatch(/^id,phase,asked_at,/);
    expect(text).toContain(WHY);
    expect(text).not.toContain('payments-worker');

    const [json] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('button', { name: 'Export JSON' }).click(),
    ]);
    const requests = JSON.parse(await readFile(await json.path(), 'utf8'));
    expect(requests[0]).toMatchObject({ reason: WHY });
    await leaves();
  });

  test('can be used with the keyboard only, and tells exact times to it as well', async ({
    browser,
  }) => {
    const { page, leaves } = await inHistory(browser);
    await page.getByRole('tab', { name: 'History' }).focus();
    await tabTo(page, 'searchbox');
    await page.keyboard.type('ledger');
    await expect(rows(page).first()).toContainText(WHY);
    await tabTo(page, 'time');
    await expect(page.getByRole('tooltip')).toHaveText(/\d{2}:\d{2}:\d{2}/);
    await leaves();
  });

  test('shows clusters to admins only, and who is in to those whom it concerns', async ({
    browser,
  }) => {
    const olga = await PersonInBrowser.signIn(browser, 'olga');
    await olga.page.goto('/kubernetes-access/live');
    await expect(
      olga.page.getByRole('button', { name: 'Revoke…' }),
    ).toBeVisible();
    await expect(olga.page.getByRole('tab', { name: /^Clusters/ })).toHaveCount(
      0,
    );
    await olga.page.goto('/kubernetes-access/clusters');
    await expect(
      olga.page.getByText('How the clusters are is for admins'),
    ).toBeVisible();
    await olga.leaves();

    const sam = await PersonInBrowser.signIn(browser, 'sam');
    await sam.page.goto('/kubernetes-access/live');
    await expect(sam.page.getByText('No terminal is open now')).toBeVisible();
    await sam.leaves();
  });
});

async function expectTab(page: Page, name: string, shows: string | RegExp) {
  await expect(page.getByText(shows).first()).toBeVisible();
  await expect(page).toHaveTitle(new RegExp(`^${name} · Kubernetes access`));
}

async function inHistory(
  browser: Parameters<typeof PersonInBrowser.signIn>[0],
  query = '',
) {
  const pia = await PersonInBrowser.signIn(browser, 'pia');
  await pia.page.goto(`/kubernetes-access/history${query}`);
  await expect(rows(pia.page).first()).toBeVisible();
  return { page: pia.page, leaves: () => pia.leaves() };
}

function rows(page: Page) {
  return page
    .getByRole('table')
    .getByRole('row')
    .filter({ has: page.locator('td') });
}

/** Presses Tab until the focus is on what is meant. */
async function tabTo(page: Page, what: 'searchbox' | 'time'): Promise<void> {
  const selector = what === 'time' ? 'time' : 'input[type=search]';
  for (let presses = 0; presses < 40; presses++) {
    if (
      await page.evaluate(s => document.activeElement?.matches(s), selector)
    ) {
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`The keyboard never reaches the ${what}`);
}
