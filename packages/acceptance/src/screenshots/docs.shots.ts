import { join } from 'node:path';
import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Name } from '../support';
import { Person, PersonInBrowser, usesTheme } from '../support';

/** As seen from this folder. */
const IMAGES = '../../../../docs/images';
const REASON = 'Orders stay in the queue since the deploy of 14:05.';

/** One story from asking to the end; each picture is a moment of it. */
test.describe.serial('the pictures of the documentation', () => {
  const onTheApi: Partial<Record<Name, Person>> = {};
  let ada: PersonInBrowser;
  let olga: PersonInBrowser;
  let pia: PersonInBrowser;

  test.beforeAll(async ({ browser }) => {
    for (const name of ['ada', 'olga', 'sam'] as const) {
      onTheApi[name] = await Person.signIn(name);
    }
    await onTheApi.ada?.endsEverything();
    await onTheApi.sam?.endsEverything();
    ada = await PersonInBrowser.signIn(browser, 'ada');
    olga = await PersonInBrowser.signIn(browser, 'olga');
    pia = await PersonInBrowser.signIn(browser, 'pia');
  });

  test.afterAll(async () => {
    await Promise.all([ada, olga, pia].map(person => person?.leaves()));
    await onTheApi.ada?.endsEverything();
    await onTheApi.sam?.endsEverything();
  });

  test('asking', async () => {
    await ada.opensAccessTab('payments-api');
    await ada.button('30 min').click();
    await ada.page.getByRole('textbox', { name: /^Why/ }).fill(REASON);
    await shoot(ada.page, 'ask');
    await ada.button('Send request').click();
    await expect(ada.stateLine).toContainText('Waiting for');
  });

  test('deciding', async () => {
    await olga.opensToDecide();
    await expect(olga.page.getByText(REASON)).toBeVisible();
    await shoot(olga.page, 'decide');
    await olga.button('Approve').click();
    await expect(olga.page.getByText('Nothing waits for you')).toBeVisible();
  });

  test('a terminal', async () => {
    await expect(ada.stateLine).toContainText('Access until');
    await ada.button('Open terminal').click();
    await ada
      .button(/^Open a shell in app of payments-api-/)
      .first()
      .click();
    await expect(ada.screen).toContainText('#');
    await ada.types('clear; ls /', 'proc');
    await ada.types('echo "$((6 * 7)) orders wait"', '42 orders wait');
    await shoot(ada.page, 'terminal');
  });

  test('who is in now, and how the clusters are', async () => {
    await pia.page.goto('/kubernetes-access/live');
    await expect(pia.page.getByText(/payments-api-/).first()).toBeVisible();
    await shoot(pia.page, 'live');
    await pia.page.goto('/kubernetes-access/clusters');
    await expect(pia.page.getByText(/demo/i).first()).toBeVisible();
    await shoot(pia.page, 'clusters');
  });

  test('the end, and the page of the request', async () => {
    const request = await latestOf(onTheApi.ada);
    await onTheApi.olga?.api.revokeRequest(request.id, {
      comment: 'The deploy is rolled back.',
    });
    await expect(ada.page.getByText(/revoked/i).first()).toBeVisible();
    await onTheApi.ada?.seesRemoved(request.id);
    await ada.page.goto(`/kubernetes-access/requests/${request.id}`);
    await expect(ada.page.getByText(REASON).first()).toBeVisible();
    await inTheDark(ada.page, async () => {
      await expect(ada.page.getByText(REASON).first()).toBeVisible();
      await shoot(ada.page, 'request-dark');
    });
  });

  test('history', async () => {
    await pia.page.goto('/kubernetes-access/history');
    await expect(pia.page.getByText(/payments-api/).first()).toBeVisible();
    await shoot(pia.page, 'history');
  });
});

/** Takes a picture once nothing moves any more. */
async function shoot(page: Page, name: string): Promise<void> {
  await page.waitForLoadState('networkidle').catch(() => {});
  await expect(page.getByRole('progressbar')).toHaveCount(0);
  await expect(page.locator('.MuiSkeleton-root')).toHaveCount(0);
  await page.mouse.move(0, 0);
  await page.screenshot({
    path: join(test.info().config.rootDir, IMAGES, `${name}.png`),
    animations: 'disabled',
    // Of the app around it, and gone in a moment.
    style: '[class*="SnackbarContainer"] { visibility: hidden }',
  });
}

async function inTheDark(
  page: Page,
  action: () => Promise<void>,
): Promise<void> {
  await usesTheme(page, 'dark');
  await page.reload();
  await action();
}

async function latestOf(
  person: Person | undefined,
): Promise<Pick<AccessRequestDetail, 'id'>> {
  const page = await person?.api.listRequests({
    scope: 'mine',
    open: true,
    limit: 1,
  });
  const [request] = page?.items ?? [];
  expect(request, 'a request of Ada').toBeDefined();
  return request;
}
