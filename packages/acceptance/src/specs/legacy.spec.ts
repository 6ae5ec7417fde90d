import { expect, test } from '@playwright/test';
import { BuiltApp, grantObjectsOf, Person, PersonInBrowser } from '../support';

const REASON = 'The queue is stuck since the last deploy.';

test.describe('in an app on the legacy front-end system', () => {
  let ada: PersonInBrowser;
  let olga: PersonInBrowser;
  let adaOnTheApi: Person;

  test.beforeEach(async ({ browser }) => {
    adaOnTheApi = await Person.signIn('ada');
    await adaOnTheApi.endsEverything();
    const app = new BuiltApp('app-legacy');
    ada = await PersonInBrowser.signIn(browser, 'ada', app);
    olga = await PersonInBrowser.signIn(browser, 'olga', app);
  });

  test.afterEach(async () => {
    await Promise.all([ada.leaves(), olga.leaves()]);
    await adaOnTheApi.endsEverything();
  });

  test('Ada asks, Olga approves, a shell opens and closes when Olga revokes, and Ada reloads no page', async () => {
    await olga.opensToDecide();
    await ada.opensAccessTab('payments-api');
    await ada.asks(REASON);
    await expect(ada.stateLine).toContainText('Waiting for');

    await expect(olga.page.getByText(REASON)).toBeVisible();
    await olga.button('Approve').click();

    await expect(ada.stateLine).toContainText('Access until');
    await ada.button('Open terminal').click();
    await ada
      .button(/^Open a shell in app of payments-api-/)
      .first()
      .click();
    await expect(ada.screen).toContainText('#');
    await ada.types('echo $((6*7))', '42');

    const [{ id }] = await openRequestsOf(adaOnTheApi);
    await olga.page.goto(`/kubernetes-access/requests/${id}`);
    await olga.button('Revoke…').click();
    await olga.page
      .getByRole('dialog')
      .getByRole('button', { name: 'Revoke', exact: true })
      .click();
    await expect(ada.page.getByText(/revoked/i).first()).toBeVisible();
    await expect(ada.stateLine).not.toContainText('Access until');
    await expect.poll(() => grantObjectsOf(id)).toEqual([]);
  });

  test('the card on the overview says how things stand', async () => {
    await ada.page.goto('/catalog/default/component/payments-api');
    await expect(
      ada.button(/^(Request access|Ask again)$/).first(),
    ).toBeVisible();

    const olgaOnTheApi = await Person.signIn('olga');
    const request = await adaOnTheApi.ask('payments-api');
    await olgaOnTheApi.approve(request);
    await expect(ada.stateLine).toContainText(/Access until .* left/);
    await expect(ada.button('Open terminal')).toBeVisible();
  });

  test('the item in the sidebar counts what waits', async () => {
    await adaOnTheApi.ask('payments-api');
    await olga.page.reload();
    await expect(
      olga.page.getByRole('img', { name: /waits? for you/ }).first(),
    ).toBeVisible();
  });
});

async function openRequestsOf(person: Person) {
  const { items } = await person.api.listRequests({
    scope: 'mine',
    open: true,
    limit: 1,
  });
  return items;
}
