import { expect, test } from '@playwright/test';
import { Person, PersonInBrowser, grantObjectsOf } from '../support';

const REASON = 'The queue is stuck since the last deploy.';

test.describe('in the browser', () => {
  let ada: PersonInBrowser;
  let olga: PersonInBrowser;
  let adaOnTheApi: Person;
  let olgaOnTheApi: Person;

  test.beforeEach(async ({ browser }) => {
    [adaOnTheApi, olgaOnTheApi] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
    ]);
    await adaOnTheApi.endsEverything();
    ada = await PersonInBrowser.signIn(browser, 'ada');
    olga = await PersonInBrowser.signIn(browser, 'olga');
  });

  test.afterEach(async () => {
    await Promise.all([ada.leaves(), olga.leaves()]);
    await adaOnTheApi.endsEverything();
  });

  test('Ada asks, Olga approves, Ada works in the pod, and nobody reloads a page', async () => {
    await olga.opensToDecide();
    await expect(olga.page.getByText('Nothing waits for you')).toBeVisible();

    await ada.opensAccessTab('payments-api');
    // The line tells of the latest request, if another test has made one.
    await expect(ada.stateLine).toContainText(/You have no access|Ended/);
    await expect(ada.page.getByText(/Olga/).first()).toBeVisible();
    await ada.asks(REASON);
    await expect(ada.stateLine).toContainText('Waiting for');

    await expect(olga.page.getByText(REASON)).toBeVisible();
    await olga.button('Approve').click();
    await expect(olga.page.getByText('Nothing waits for you')).toBeVisible();

    await expect(ada.stateLine).toContainText('Access until');
    await ada.button('Open terminal').click();
    await ada
      .button(/^Open a shell in app of payments-api-/)
      .first()
      .click();
    await expect(ada.screen).toContainText('#');
    await ada.types('echo $((6*7))', '42');

    const before = await columnsOf(ada);
    await ada.page.setViewportSize({ width: 1000, height: 900 });
    await expect.poll(() => columnsOf(ada)).toBeLessThan(before);
  });

  test('Olga denies with a reason, which Ada reads without reloading', async () => {
    await ada.opensAccessTab('payments-api');
    await ada.asks(REASON);
    await olga.opensAccessTab('payments-api', '/approvals');
    await olga.button('Deny…').click();
    await olga.page
      .getByRole('textbox', { name: 'Reason' })
      .fill('Use staging.');
    await olga.page.getByRole('button', { name: 'Deny', exact: true }).click();
    await expect(ada.stateLine).toContainText('Denied by Olga');
    await expect(ada.stateLine).toContainText('Use staging.');
  });

  test('Ada withdraws what she asked for', async () => {
    await ada.opensAccessTab('payments-api');
    await ada.asks(REASON);
    await expect(ada.stateLine).toContainText('Waiting for');
    await ada.button('Withdraw').first().click();
    await ada.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Withdraw' })
      .click();
    await expect(ada.stateLine).not.toContainText('Waiting for');
  });

  test('Olga revokes while output is running: the terminal ends and says so, and the Role is gone', async () => {
    const request = await approved();
    await opensShell('app');
    await ada.types('while true; do date; sleep 0.1; done', /\d\d:\d\d:\d\d/);

    await olga.page.goto(`/kubernetes-access/requests/${request.id}`);
    await olga.button('Revoke…').click();
    await olga.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Revoke', exact: true })
      .click();

    await expect(ada.page.getByText(/revoked/i).first()).toBeVisible();
    await expect(ada.stateLine).not.toContainText('Access until');
    await expect.poll(() => grantObjectsOf(request.id)).toEqual([]);
  });

  test('the time runs out under an open terminal, whose text stays', async () => {
    // The page is there before the time begins, of which a slow machine needs more.
    await ada.opensAccessTab('payments-api', '/terminal');
    await expect(ada.stateLine).toBeVisible();
    await approved(20);
    await opensShellHere('app');
    await ada.types('echo still-here', 'still-here');
    await expect(ada.page.getByRole('timer')).toBeVisible();
    await expect(ada.page.getByText('Your time was up.').first()).toBeVisible({
      timeout: 40_000,
    });
    await expect(ada.screen).toContainText('still-here');
  });

  test('the page of a request tells its whole story', async () => {
    const request = await approved();
    await opensShell('app');
    await ada.types('echo hello', 'hello');
    await olgaOnTheApi.api.revokeRequest(request.id, { comment: 'Done now.' });
    await adaOnTheApi.seesRemoved(request.id);
    await ada.page.goto(`/kubernetes-access/requests/${request.id}`);
    for (const words of [REASON, 'Olga', 'Done now.', 'payments-api']) {
      await expect(ada.page.getByText(words).first()).toBeVisible();
    }
  });

  test('an outsider finds no request, and no word about it', async ({
    browser,
  }) => {
    const request = await adaOnTheApi.ask('payments-api');
    const sam = await PersonInBrowser.signIn(browser, 'sam');
    await sam.page.goto(`/kubernetes-access/requests/${request.id}`);
    await expect(
      sam.page.getByText('There is no such request').first(),
    ).toBeVisible();
    await expect(sam.page.getByText(REASON)).toHaveCount(0);
    await sam.leaves();
  });

  test('components that nobody can get into say why', async () => {
    await ada.opensAccessTab('sneaky-web');
    await expect(ada.page.getByText(/does not name/).first()).toBeVisible();
    await expect(ada.button('Request access')).toHaveCount(0);
    await ada.opensAccessTab('payments-docs');
    await expect(
      ada.page.getByText(/backstage.io\/kubernetes-id/).first(),
    ).toBeVisible();
  });

  test('kinds that cannot have pods have no such tab', async () => {
    const tab = (name: string) =>
      ada.page.getByRole('link', { name, exact: true });
    await ada.page.goto('/catalog/default/component/payments-api');
    await expect(tab('Access')).toBeVisible();
    await ada.page.goto('/catalog/default/group/payments');
    await expect(tab('Overview')).toBeVisible();
    await expect(tab('Access')).toHaveCount(0);
  });

  async function approved(durationSeconds = 900) {
    const request = await adaOnTheApi.ask('payments-api', {
      durationSeconds,
      reason: REASON,
    });
    await olgaOnTheApi.approve(request);
    return adaOnTheApi.seesPhase(request.id, 'Active');
  }

  async function opensShell(container: string) {
    await ada.opensAccessTab('payments-api', '/terminal');
    await opensShellHere(container);
  }

  async function opensShellHere(container: string) {
    await ada
      .button(new RegExp(`^Open a shell in ${container} of payments-api-`))
      .first()
      .click();
    await expect(ada.screen).toContainText('#');
  }
});

/** How wide the shell believes its terminal to be. */
async function columnsOf(person: PersonInBrowser): Promise<number> {
  const answer = /wide: \d+ (\d+) columns/;
  await person.types('clear; echo "wide: $(stty size) columns"', answer);
  const text = (await person.screen.textContent()) ?? '';
  return Number(answer.exec(text.replace(/\s/g, ' '))?.[1]);
}
