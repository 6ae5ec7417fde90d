import { expect } from '@playwright/test';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  Person,
  Shell,
  test,
  THEMES,
  usesTheme,
  WIDTHS,
} from '../support';

test.describe('a session that is open', () => {
  let ada: Person;
  let olga: Person;
  let request: AccessRequestDetail;
  let sessionId: string;
  let shell: Shell;

  test.beforeAll(async () => {
    [ada, olga] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
    ]);
  });

  test.beforeEach(async () => {
    await ada.endsEverything();
    const asked = await ada.ask('payments-api');
    await olga.approve(asked);
    request = await ada.seesPhase(asked.id, 'Active');
    const ticket = await ada.ticket(request, 'app');
    sessionId = ticket.sessionId;
    shell = await Shell.open(ticket);
    await shell.showsPrompt();
    shell.type('echo "it was $((6*7))"\n');
    await shell.shows('it was 42');
  });

  test.afterEach(async () => {
    await ada.endsEverything();
  });

  test('is watched from the tab of open terminals, while it goes on and to its end', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('pia');
    await page.goto('/kubernetes-access/live');
    await page.getByRole('button', { name: /^Watch/ }).click();

    const screen = page.getByRole('region', {
      name: 'What is on the screen now',
    });
    await expect(screen).toContainText('it was 42');
    await expect(page).toHaveURL(new RegExp(`play=${sessionId}`));
    shell.type('echo "and is $((40+4))"\n');
    await expect(screen).toContainText('and is 44');
    shell.type('exit\n');
    await expect(page.getByRole('status')).toContainText(
      'This session has ended.',
    );
    await expect(screen).toContainText('and is 44');

    await page.getByRole('button', { name: 'Play from the beginning' }).click();
    await expect(page.getByRole('region', { name: 'Recording' })).toContainText(
      'and is 44',
    );
  });

  test('takes no key from whoever watches, and lets them out by keyboard', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('pia');
    await page.goto(address());
    const screen = page.getByRole('region', {
      name: 'What is on the screen now',
    });
    await expect(screen).toContainText('it was 42');
    await screen.click();
    await page.keyboard.type('echo "from here $((1+1))"\n');
    shell.type('echo "from there $((1+1))"\n');
    await expect(screen).toContainText('from there 2');
    await expect(screen).not.toContainText('from here');

    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
  });

  test('is shown again when the connection comes back', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('pia');
    let isOffline = true;
    await page.route(/\/recording/, route =>
      isOffline ? route.abort() : route.continue(),
    );
    await page.goto(address());
    await expect(page.getByRole('status')).toContainText(
      'The connection was lost.',
    );
    isOffline = false;
    await expect(
      page.getByRole('region', { name: 'What is on the screen now' }),
    ).toContainText('it was 42');
  });

  test('is not offered to an approver, who may not see what is on the screen', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('olga');
    await page.goto('/kubernetes-access/live');
    await expect(page.getByText(/^Opened/)).toBeVisible();
    await expect(page.getByRole('button', { name: /^Watch/ })).toHaveCount(0);
    await page.goto(address());
    await expect(page.getByRole('alert')).toContainText(
      'You may not play this recording',
    );
  });

  for (const theme of THEMES) {
    test(`can be seen by everybody who may, in ${theme} and at every width`, async ({
      sitsDown,
    }) => {
      const { page } = await sitsDown('ada');
      await usesTheme(page, theme);
      for (const [name, width] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(address());
        const screen = page.getByRole('region', {
          name: 'What is on the screen now',
        });
        await expect(screen).toContainText('it was 42');
        await expectAccessible(page, `watching (${theme}, ${name})`, {
          include: '[role="dialog"]',
        });
        await expectNoSidewaysScrolling(page, `watching at ${width}`);
      }
    });
  }

  function address(): string {
    return `/kubernetes-access/requests/${request.id}?play=${sessionId}`;
  }
});
