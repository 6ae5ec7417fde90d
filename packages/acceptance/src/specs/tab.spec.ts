import { expect, test } from '@playwright/test';
import { Person, PersonInBrowser } from '../support';

const COMPONENT = 'payments-worker';
const REASON = 'The night batch hangs since the last deploy.';
const ACCESS = `**/api/kubernetes-access/entities/**`;
const REQUESTS = '**/api/kubernetes-access/requests';

test.describe('the Access tab', () => {
  let sam: PersonInBrowser;
  let samOnTheApi: Person;

  test.beforeEach(async ({ browser }) => {
    samOnTheApi = await Person.signIn('sam');
    await samOnTheApi.endsEverything();
    sam = await PersonInBrowser.signIn(browser, 'sam');
  });

  test.afterEach(async () => {
    await sam.leaves();
    await samOnTheApi.endsEverything();
  });

  test('shows an outline while it loads, in the place of what comes', async () => {
    let answer = () => {};
    const held = new Promise<void>(resolve => {
      answer = resolve;
    });
    await sam.page.route(ACCESS, async route => {
      await held;
      await route.continue();
    });
    await sam.opensAccessTab(COMPONENT);
    const outline = sam.page.getByRole('status', { name: 'Loading' });
    await expect(outline).toBeVisible();
    const before = await outline.boundingBox();
    answer();
    await expect(sam.stateLine).toBeVisible();
    const after = await sam.stateLine.boundingBox();
    expect(after!.y).toBeCloseTo(before!.y, 0);
  });

  test('keeps what was typed while the network or the sign-in is away, and goes on by itself', async () => {
    const { page } = sam;
    await sam.opensAccessTab(COMPONENT);
    await page.getByRole('textbox', { name: /^Why/ }).fill(REASON);

    await page.context().setOffline(true);
    await sam.button('Send request').click();
    await expect(page.getByText(/Backstage does not answer/)).toBeVisible();
    await page.context().setOffline(false);

    await page.route(REQUESTS, route =>
      route.fulfill({
        status: 401,
        json: { error: { name: 'AuthenticationError', message: 'Missing' } },
      }),
    );
    await sam.button('Send request').click();
    await expect(page.getByText(/Your sign-in has expired/)).toBeVisible();
    await page.unroute(REQUESTS);

    await sam.button('Send request').click();
    await expect(sam.stateLine).toContainText('Waiting for');
    const { items } = await samOnTheApi.api.listRequests({
      scope: 'mine',
      open: true,
    });
    expect(items).toMatchObject([{ reason: REASON }]);
  });
});
