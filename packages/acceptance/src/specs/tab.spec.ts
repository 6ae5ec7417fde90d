import type { Locator, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import {
  boxAtRest,
  expectAccessible,
  expectNoSidewaysScrolling,
  Person,
  PersonInBrowser,
  THEMES,
  usesTheme,
  WIDTHS,
} from '../support';

const COMPONENT = 'payments-worker';
const REASON = 'The night batch hangs since the last deploy.';
const ACCESS = `**/api/kubernetes-access/entities/**`;
const REQUESTS = '**/api/kubernetes-access/requests';

test.describe('the Access tab', () => {
  let sam: PersonInBrowser;
  let olga: PersonInBrowser;
  let samOnTheApi: Person;
  let olgaOnTheApi: Person;

  test.beforeEach(async ({ browser }) => {
    [samOnTheApi, olgaOnTheApi] = await Promise.all([
      Person.signIn('sam'),
      Person.signIn('olga'),
    ]);
    await samOnTheApi.endsEverything();
    sam = await PersonInBrowser.signIn(browser, 'sam');
    olga = await PersonInBrowser.signIn(browser, 'olga');
  });

  test.afterEach(async () => {
    await Promise.all([sam.leaves(), olga.leaves()]);
    await samOnTheApi.endsEverything();
  });

  THEMES.forEach(theme => {
    test(`can be read and used at every width, ${theme}`, async () => {
      // It looks at ten states, each at every width.
      test.slow();
      await usesTheme(sam.page, theme);
      await usesTheme(olga.page, theme);

      await test.step('a component that cannot be asked for', async () => {
        await sam.opensAccessTab('legacy-batch');
        await expect(
          sam.page.getByText(/kubectl annotate namespace legacy/),
        ).toBeVisible();
        await looksGood(sam.page, 'why nothing can be asked for');
        await sam.opensAccessTab('payments-docs');
        await expect(
          sam.page.getByText(/backstage.io\/kubernetes-id/).first(),
        ).toBeVisible();
      });

      await test.step('the form', async () => {
        await sam.opensAccessTab(COMPONENT);
        await expect(sam.page.getByText(/pods? match/)).toBeVisible();
        await expect(
          sam.page.getByText(/Two people can approve this/),
        ).toBeVisible();
        await looksGood(sam.page, 'the form');
        await sam.page.getByLabel('How long').fill('9 days');
        await sam.button('Send request').click();
        await expect(
          sam.page.getByText(/This is not a duration/),
        ).toBeVisible();
        await looksGood(sam.page, 'the form with what is wrong');
      });

      await test.step('a request that waits', async () => {
        const asked = await samOnTheApi.ask(COMPONENT, { reason: REASON });
        await expect(sam.stateLine).toContainText('Waiting for');
        await looksGood(sam.page, 'waiting');

        await olga.opensAccessTab(COMPONENT, '/approvals');
        await expect(olga.page.getByRole('article')).toContainText(REASON);
        await expect(olga.page.getByText('Special')).toBeVisible();
        await expect(
          olga.page.getByRole('article').locator('.MuiSkeleton-root'),
        ).toHaveCount(0);
        await looksGood(olga.page, 'what waits for a decision');
        await olga.button('Deny…').click();
        await olga.page
          .getByRole('button', { name: 'Deny', exact: true })
          .click();
        await expect(olga.page.getByText(/Say why/)).toBeVisible();
        await looksGood(olga.page, 'denying without a reason');
        await olgaOnTheApi.approve(asked);
      });

      await test.step('an access that is in use', async () => {
        await expect(sam.stateLine).toContainText('Access until');
        await looksGood(sam.page, 'active');
        await expect(olga.page.getByRole('article')).toContainText(
          'Olga approved',
        );
        await looksGood(olga.page, 'what was decided');
        await olga.button('Revoke…').click();
        await expect(olga.page.getByRole('dialog')).toBeVisible();
        await looksGood(olga.page, 'revoking');
        await olga.page
          .getByRole('button', { name: 'Revoke', exact: true })
          .click();
        await expect(sam.stateLine).toContainText('by Olga');
        await looksGood(sam.page, 'ended');
      });

      await test.step('a tab with nothing in it', async () => {
        await sam.opensAccessTab(COMPONENT, '/terminal');
        await expect(
          sam.page.getByRole('heading', { name: /nothing to open/ }),
        ).toBeVisible();
        await looksGood(sam.page, 'no terminal');
      });

      await test.step('no answer', async () => {
        await sam.page.route(ACCESS, route => route.abort());
        await sam.opensAccessTab(COMPONENT);
        await expect(
          sam.page.getByText(/Backstage does not answer/),
        ).toBeVisible();
        await looksGood(sam.page, 'no answer');
        await sam.page.unroute(ACCESS);
        await sam.button('Try again').click();
        await expect(sam.stateLine).toBeVisible();
      });
    });
  });

  test('is used with the keyboard alone, from asking to the terminal', async () => {
    await sam.opensAccessTab(COMPONENT);
    await presses(
      sam,
      sam.stateLine.getByRole('button', { name: /Request access|Ask again/ }),
    );
    const why = sam.page.getByRole('textbox', { name: /^Why/ });
    await expect(why).toBeFocused();
    await sam.page.keyboard.type(REASON);
    await presses(sam, sam.button('Send request'));
    await expect(sam.stateLine).toContainText('Waiting for');
    await expect(sam.stateLine).toBeFocused();

    await olga.opensAccessTab(COMPONENT, '/approvals');
    const card = olga.page.getByRole('article');
    await presses(olga, card.getByRole('button', { name: 'Approve' }));
    await expect(card).toContainText('Olga approved');
    await expect(card).toBeFocused();

    await presses(sam, sam.button('Open terminal'));
    await expect(sam.page).toHaveURL(/\/access\/terminal$/);
    // With only one container to choose, nobody has to choose.
    await expect(
      sam.page.getByRole('region', {
        name: /^Terminal in worker of payments-worker-/,
      }),
    ).toBeVisible();
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
    const before = await boxAtRest(outline);
    answer();
    await expect(sam.stateLine).toBeVisible();
    const after = await boxAtRest(sam.stateLine);
    expect(after.y).toBeCloseTo(before.y, 0);
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

async function looksGood(page: Page, state: string): Promise<void> {
  for (const [name, width] of Object.entries(WIDTHS)) {
    await page.setViewportSize({ width, height: 900 });
    await expectNoSidewaysScrolling(page, `${state} (${name})`);
    await expectAccessible(page, `${state} (${name})`);
  }
  await page.setViewportSize({ width: WIDTHS.desktop, height: 900 });
}

/** Goes to something with the tab key and presses it. */
async function presses(
  { page }: PersonInBrowser,
  button: Locator,
): Promise<void> {
  await expect(button).toBeVisible();
  for (let steps = 0; steps < 100; steps++) {
    if (await button.evaluate(element => element === document.activeElement)) {
      await page.keyboard.press('Enter');
      return;
    }
    await page.keyboard.press('Tab');
  }
  throw new Error(`The tab key does not lead to ${button}`);
}
