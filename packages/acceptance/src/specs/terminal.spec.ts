import type { Locator, Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { createHash } from 'node:crypto';
import {
  boxAtRest,
  Person,
  PersonInBrowser,
  THEMES,
  WIDTHS,
  expectAccessible,
  expectNoSidewaysScrolling,
  usesTheme,
} from '../support';

const MEGABYTE = 1024 * 1024;
const OPEN_APP = /^Open a shell in app of payments-api-/;
const OPEN_SIDECAR = /^Open a shell in sidecar of payments-api-/;

test.describe('the terminal', () => {
  let ada: PersonInBrowser;
  let page: Page;
  let adaOnTheApi: Person;
  let olgaOnTheApi: Person;

  test.beforeAll(async ({ browser }) => {
    [adaOnTheApi, olgaOnTheApi] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
    ]);
    ada = await PersonInBrowser.signIn(browser, 'ada');
    ({ page } = ada);
  });
  test.beforeEach(() => adaOnTheApi.endsEverything());
  test.afterAll(async () => {
    await ada.leaves();
    await adaOnTheApi.endsEverything();
  });

  test('has the keyboard at the click, and however often it is asked for, it is one', async () => {
    await approved();
    await ada.opensAccessTab('payments-api', '/terminal');
    const asked: string[] = [];
    page.on('request', request => {
      if (/\/sessions$/.test(request.url())) {
        asked.push(request.url());
      }
    });
    const row = ada.button(OPEN_APP).first();
    await row.focus();
    // All at once, before anything can be open.
    await row.evaluate((element: HTMLElement) => {
      element.click();
      element.click();
      element.click();
    });
    await page.keyboard.type('echo $((6*7))\n');
    await expect(ada.screen).toContainText('42');
    expect(asked).toHaveLength(1);
  });

  test('copies, pastes several lines, and a megabyte', async () => {
    await page
      .context()
      .grantPermissions(['clipboard-read', 'clipboard-write']);
    await opensShell();
    await ada.types('clear; echo copied-$((6*7))', 'copied-42');
    await (await rowWith('copied-42')).dblclick();
    await page.keyboard.press('Control+Shift+C');
    await expect.poll(() => clipboard()).toContain('copied-42');

    await paste('echo one-$((1+1))\necho two-$((1+1))\n');
    await expect(ada.screen).toContainText('one-2');
    await expect(ada.screen).toContainText('two-2');

    const text = 'pasted text, again and again. '
      .repeat(MEGABYTE / 30 + 1)
      .slice(0, MEGABYTE);
    await ada.types(
      `stty raw -echo; echo now-$((1+1)); head -c ${MEGABYTE} | md5sum; stty sane`,
      'now-2',
    );
    await paste(text);
    await expect(ada.screen).toContainText(
      createHash('md5').update(text).digest('hex'),
    );
  });

  test('finds what it has printed, and counts it', async () => {
    await opensShell();
    await ada.types(
      'clear; for i in 1 2 3; do echo need""le $i; done',
      'needle 3',
    );
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.type('needle');
    const search = page.getByRole('search');
    await expect(search.getByRole('status')).toHaveText(/[123] of 3/);
    const first = await search.getByRole('status').textContent();
    await page.keyboard.press('Enter');
    await expect(search.getByRole('status')).not.toHaveText(first!);
    await page.keyboard.press('Shift+Enter');
    await expect(search.getByRole('status')).toHaveText(first!);
    await page.keyboard.press('Escape');
    await expect(search).toHaveCount(0);
    await page.keyboard.type('echo back-$((1+1))\n');
    await expect(ada.screen).toContainText('back-2');
  });

  test('opens a link in a page of its own, which learns nothing of this one', async () => {
    await page
      .context()
      .route('https://docs.example.test/**', route =>
        route.fulfill({ body: '<title>Docs</title>' }),
      );
    await opensShell();
    await ada.types('clear; echo https://docs.example.test/why', '/why');
    const link = await rowWith('https://docs.example.test/why', 60);
    await link.hover();
    // By the shape of the pointer it says that it is one.
    await expect(page.locator('.xterm-cursor-pointer')).toBeVisible();
    const [opened] = await Promise.all([
      page.context().waitForEvent('page'),
      link.click(),
    ]);
    await expect(opened).toHaveURL('https://docs.example.test/why');
    expect(await opened.evaluate(() => window.opener)).toBeNull();
  });

  test('remembers the size of the text and the colours', async () => {
    await opensShell();
    await ada.button('Settings and keys').click();
    const settings = page.getByRole('dialog', { name: 'Settings and keys' });
    await settings.getByRole('button', { name: 'Larger text' }).click();
    await settings.getByRole('radio', { name: 'High contrast' }).check();
    await page.keyboard.press('Escape');
    await expect.poll(() => backgroundOf(ada.screen)).toBe('rgb(0, 0, 0)');

    await page.reload();
    await ada.button(OPEN_APP).first().click();
    await expect.poll(() => backgroundOf(ada.screen)).toBe('rgb(0, 0, 0)');
    await ada.button('Settings and keys').click();
    await expect(settings.getByRole('status')).toHaveText('15');
    await expect(
      settings.getByRole('radio', { name: 'High contrast' }),
    ).toBeChecked();
    await settings.getByRole('radio', { name: 'As Backstage' }).check();
  });

  test('fills the screen, with its dialogs above it, and comes back', async () => {
    await opensShell();
    const before = await boxAtRest(ada.screen);
    await ada.button('Full screen').click();
    await expect
      .poll(async () => (await ada.screen.boundingBox())!.height)
      .toBeGreaterThan(before.height + 100);
    await ada.button('End shell').click();
    const question = page.getByRole('dialog', { name: 'End this shell?' });
    await expect(question).toContainText('Your access stays');
    await question.getByRole('button', { name: 'Cancel' }).click();
    await ada.button('Leave full screen').click();
    await expect
      .poll(async () => (await ada.screen.boundingBox())!.height)
      .toBe(before.height);
  });

  test('warns 10 and 2 minutes before the end', async ({ browser }) => {
    await approved(720);
    // In a browser of its own, whose clock is ours to move.
    const elsewhere = await PersonInBrowser.signIn(browser, 'ada');
    const { clock } = elsewhere.page;
    await clock.install();
    await opensShellAs(elsewhere);
    const alert = elsewhere.page.getByRole('tabpanel').getByRole('alert');
    await expect(alert).toBeEmpty();
    await clock.fastForward('03:00');
    await expect(alert).toContainText(
      /Less than 10 minutes left: at \d\d:\d\d/,
    );
    await clock.fastForward('07:30');
    await expect(alert).toContainText(/Less than 2 minutes left: at \d\d:\d\d/);
    await elsewhere.leaves();
  });

  test('says when the network breaks, keeps the text, and opens a new shell below it', async () => {
    const lines: Array<{ close(): Promise<void> }> = [];
    await page.routeWebSocket(/\/sessions\/[^/]+\/ws$/, line => {
      line.connectToServer();
      lines.push({ close: () => line.close({ code: 3000 }) });
    });
    await opensShell();
    await ada.types('echo before-$((1+1))', 'before-2');

    await page.context().setOffline(true);
    await expect(page.getByRole('alert')).toContainText('You are offline');
    await page.context().setOffline(false);
    await expect(page.getByText('You are offline')).toHaveCount(0);

    await lines[0].close();
    await expect(
      page.getByText('A shell cannot be picked up again'),
    ).toBeVisible();
    await expect(ada.screen).toContainText('before-2');
    await ada.button('Open a new shell').click();
    await page.keyboard.type('echo after-$((1+1))\n');
    await expect(ada.screen).toContainText('after-2');
    await expect(ada.screen).toContainText('A new shell');
    await expect(ada.screen).toContainText('before-2');
  });

  test('says that Backstage did not answer, and lets one try again', async () => {
    await approved();
    await ada.opensAccessTab('payments-api', '/terminal');
    const row = ada.button(OPEN_APP).first();
    await expect(row).toBeVisible();
    await page.context().setOffline(true);
    await row.click();
    await expect(page.getByText('Backstage did not answer.')).toBeVisible();
    await page.context().setOffline(false);
    await ada.button('Open a new shell').click();
    await page.keyboard.type('echo $((6*7))\n');
    await expect(ada.screen).toContainText('42');
  });

  test('says who ended it, and offers nothing that cannot work', async () => {
    const request = await opensShell();
    await ada.types('echo before-$((1+1))', 'before-2');
    await olgaOnTheApi.api.revokeRequest(request.id, { comment: 'Done now.' });
    const end = page.getByRole('tabpanel').getByRole('status');
    await expect(end).toContainText(/olga/i);
    await expect(ada.screen).toContainText('before-2');
    await expect(ada.button('Open a new shell')).toHaveCount(0);
    await expect(ada.button('Close')).toBeVisible();
  });

  test('can be worked with, left and ended by keyboard alone', async () => {
    await approved();
    await ada.opensAccessTab('payments-api', '/terminal');
    await expect(ada.button(OPEN_APP).first()).toBeVisible();
    await ada.button('Hide the pods').focus();
    await untilFocused(ada.button(OPEN_APP).first(), 'Tab');
    await page.keyboard.press('Enter');
    await page.keyboard.type('echo $((6*7))\n');
    await expect(ada.screen).toContainText('42');
    // Tab belongs to the shell.
    await page.keyboard.type('echo tab-$((1+1)) /et');
    await page.keyboard.press('Tab');
    await page.keyboard.press('Enter');
    await expect(ada.screen).toContainText('tab-2 /etc');

    await page.keyboard.press('Control+Shift+L');
    const tab = page.getByRole('tab', { name: /^Connected payments-api-/ });
    await expect(tab).toBeFocused();
    await page.keyboard.press('Enter');
    await page.keyboard.type('echo in-$((1+1))\n');
    await expect(ada.screen).toContainText('in-2');

    await page.keyboard.press('Control+Shift+L');
    await page.keyboard.press('Delete');
    const question = page.getByRole('dialog', { name: 'End this shell?' });
    await expect(question).toBeVisible();
    await untilFocused(
      question.getByRole('button', { name: 'End shell' }),
      'Tab',
    );
    await page.keyboard.press('Enter');
    await expect(tab).toHaveCount(0);
    await expect(ada.screen).toHaveCount(0);
  });

  test('keeps the first shell when a second is opened', async () => {
    await opensShell();
    await ada.types('mine=kept; echo $((1+1))', '2');
    await ada.button(OPEN_SIDECAR).first().click();
    await expect(ada.screen).toHaveAccessibleName(/^Terminal in sidecar of/);
    await ada.types('echo second-$((1+1))', 'second-2');
    await page.getByRole('tab', { name: /▸ app$/ }).click();
    await expect(ada.screen).toHaveAccessibleName(/^Terminal in app of/);
    await page.keyboard.type('echo still-$mine\n');
    await expect(ada.screen).toContainText('still-kept');
    await ada
      .button(/^Open another shell in app of/)
      .first()
      .click();
    const tabs = page.getByRole('tablist', { name: 'Open terminals' });
    await expect(tabs.getByRole('tab')).toHaveCount(3);
    await page.keyboard.type('echo other-$mine-$((1+1))\n');
    await expect(ada.screen).toContainText('other--2');
  });

  test('is as usable on a phone, with the keys that a phone lacks', async () => {
    const { height, width } = page.viewportSize()!;
    await page.setViewportSize({ width: WIDTHS.phone, height: 800 });
    await opensShell();
    await ada.types('echo $((6*7))', '42');
    await ada.types('echo asleep-$((1+1)); sleep 1000', 'asleep-2');
    await ada.button('Ctrl').click();
    await page.keyboard.type('c');
    await expect(ada.screen).toContainText('^C');
    await ada.types('clear; echo again-$((1+1))', 'again-2');
    await ada.button('Up').click();
    await page.keyboard.type(' once-more\n');
    await expect(ada.screen).toContainText('again-2 once-more');
    await expectNoSidewaysScrolling(page, 'the terminal on a phone');
    await expectAccessible(page, 'the terminal on a phone');
    await page.setViewportSize({ width, height });
  });

  for (const theme of THEMES) {
    test(`has nothing that a screen reader stumbles over (${theme})`, () =>
      looksWithAxe(theme));
  }

  async function looksWithAxe(theme: (typeof THEMES)[number]) {
    await usesTheme(page, theme);
    const request = await opensShell();
    await ada.types('ls -la --color=always /; echo end-$((1+1))', 'end-2');
    await page.keyboard.press('Control+Shift+F');
    await page.keyboard.type('e');
    await expectAccessible(page, 'an open terminal with a search');
    await page.keyboard.press('Escape');
    await ada.button('Settings and keys').click();
    await expectAccessible(page, 'the settings of the terminal', {
      include: '[role="dialog"]',
    });
    await page.keyboard.press('Escape');
    await olgaOnTheApi.api.revokeRequest(request.id, {});
    await expect(ada.button('Close')).toBeVisible();
    await expectAccessible(page, 'a terminal that has ended');
  }

  async function approved(
    durationSeconds = 1500,
  ): Promise<AccessRequestDetail> {
    const request = await adaOnTheApi.ask('payments-api', { durationSeconds });
    await olgaOnTheApi.approve(request);
    return adaOnTheApi.seesPhase(request.id, 'Active');
  }

  async function opensShell(): Promise<AccessRequestDetail> {
    const request = await approved();
    await opensShellAs(ada);
    return request;
  }

  async function opensShellAs(who: PersonInBrowser) {
    await who.opensAccessTab('payments-api', '/terminal');
    await who.button(OPEN_APP).first().click();
    await expect(who.screen).toContainText('#');
  }

  /** A place on the screen: where the line begins that shows the text. */
  async function rowWith(text: string, x = 10) {
    const row = ada.screen
      .getByRole('listitem')
      .filter({ hasText: text })
      .last();
    await expect(row).toContainText(text);
    const box = await boxAtRest(row);
    const at = [box.x + x, box.y + box.height / 2] as const;
    return {
      hover: () => page.mouse.move(...at),
      click: () => page.mouse.click(...at),
      dblclick: () => page.mouse.dblclick(...at),
    };
  }

  function clipboard(): Promise<string> {
    return page.evaluate(() => navigator.clipboard.readText());
  }

  async function paste(text: string) {
    await page.evaluate(
      content => navigator.clipboard.writeText(content),
      text,
    );
    await page.keyboard.press('Control+Shift+V');
  }

  async function untilFocused(element: Locator, key: string) {
    for (let presses = 0; presses < 20; presses++) {
      await page.keyboard.press(key);
      if (await element.evaluate(it => it === document.activeElement)) {
        return;
      }
    }
    await expect(element).toBeFocused();
  }
});

function backgroundOf(screen: Locator): Promise<string> {
  return screen.evaluate(
    element =>
      getComputedStyle(element.closest('[role="tabpanel"]')!).backgroundColor,
  );
}
