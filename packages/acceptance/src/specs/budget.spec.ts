import { expect, test } from '@playwright/test';
import { BuiltApp, Person, PersonInBrowser, Traffic } from '../support';

const KIB = 1024;
/** What pages may load of the plugin while they show nothing of it, gzipped. */
const CLOSED_SCRIPT = 5 * KIB;
/** What opening the tab may load of the plugin, gzipped; neither terminal nor player are in it. */
const TAB_SCRIPT = 60 * KIB;
/** What opening the tab may ask the back end. */
const TAB_CALLS = 2;
/** The number in the navigation, which is on every page: asked for when the app is loaded, not by the entity's page. */
const NAVIGATION = 'GET /counts';

const PLUGIN = 'kubernetes-access';
const OURS = /\/plugins\/kubernetes-access(-common)?\//;
const XTERM = /\/@xterm\//;
const PLAYER = /\/asciinema-player\//;

const ENTITY = '/catalog/default/component/payments-api';

test.describe('what the plugin costs', () => {
  let ada: PersonInBrowser;
  let traffic: Traffic;

  test.beforeEach(async ({ browser }) => {
    await (await Person.signIn('ada')).endsEverything();
    ada = await PersonInBrowser.signIn(browser, 'ada');
    traffic = Traffic.watch(ada.page);
  });

  test.afterEach(async () => {
    await ada.leaves();
    await (await Person.signIn('ada')).endsEverything();
  });

  test('an entity’s page whose tab is not open loads next to nothing of it', async () => {
    await ada.page.goto(ENTITY);
    await showsOverview();
    const { gzipped, sources } = await traffic.weightOf(OURS);
    expect(gzipped, sources.join('\n')).toBeLessThan(CLOSED_SCRIPT);
    expect(sources).not.toEqual([]);
    expect((await traffic.weightOf(XTERM)).bytes).toBe(0);
    expect((await traffic.weightOf(PLAYER)).bytes).toBe(0);
    expect(traffic.callsOf(PLUGIN).filter(call => call !== NAVIGATION)).toEqual(
      [],
    );
  });

  test('going to an entity’s page asks and loads nothing of it', async () => {
    await ada.page.goto('/catalog');
    const link = ada.page.getByRole('link', { name: /payments-api/ }).first();
    await expect(link).toBeVisible();
    await ada.page.waitForLoadState('networkidle');
    traffic.forget();
    await link.click();
    await showsOverview();
    expect(traffic.callsOf(PLUGIN).filter(call => call !== NAVIGATION)).toEqual(
      [],
    );
    expect((await traffic.weightOf(OURS)).sources).toEqual([]);
  });

  test('opening the tab loads neither the terminal nor the player', async () => {
    await ada.page.goto(ENTITY);
    await showsOverview();
    traffic.forget();
    await ada.page.getByRole('link', { name: 'Access', exact: true }).click();
    await expect(ada.stateLine).toContainText(/You have no access|Ended/);
    await ada.page.waitForLoadState('networkidle');
    const { gzipped, sources } = await traffic.weightOf(OURS);
    expect(sources).not.toEqual([]);
    expect(gzipped, sources.join('\n')).toBeLessThan(TAB_SCRIPT);
    expect((await traffic.weightOf(XTERM)).sources).toEqual([]);
    expect((await traffic.weightOf(PLAYER)).sources).toEqual([]);
    // Each of them once: on a slow machine it may be time to look again already.
    expect(new Set(traffic.callsOf(PLUGIN)).size).toBeLessThanOrEqual(
      TAB_CALLS,
    );
  });

  test('the terminal comes with its tab, and brings no player', async () => {
    const olga = await Person.signIn('olga');
    const adaOnTheApi = await Person.signIn('ada');
    const request = await adaOnTheApi.ask('payments-api');
    await olga.approve(request);
    await ada.page.goto(`${ENTITY}/access`);
    await expect(ada.stateLine).toContainText('Access until');
    traffic.forget();
    await ada.button('Open terminal').click();
    await ada
      .button(/^Open a shell in app of payments-api-/)
      .first()
      .click();
    await expect(ada.screen).toContainText('#');
    expect((await traffic.weightOf(XTERM)).bytes).toBeGreaterThan(0);
    expect((await traffic.weightOf(PLAYER)).sources).toEqual([]);
  });

  test('a legacy app loads next to nothing of it either', async ({
    browser,
  }) => {
    const app = new BuiltApp('app-legacy');
    const olga = await PersonInBrowser.signIn(browser, 'olga', app);
    const legacy = Traffic.watch(olga.page);
    await olga.page.goto('/catalog');
    await expect(
      olga.page.getByRole('link', { name: /payments-api/ }).first(),
    ).toBeVisible();
    const { gzipped, sources } = await legacy.weightOf(OURS);
    expect(gzipped, sources.join('\n')).toBeLessThan(CLOSED_SCRIPT);
    expect(legacy.callsOf(PLUGIN).filter(call => call !== NAVIGATION)).toEqual(
      [],
    );
    await olga.leaves();
  });

  async function showsOverview() {
    await expect(ada.page.getByText('About', { exact: true })).toBeVisible();
    await ada.page.waitForLoadState('networkidle');
  }
});
