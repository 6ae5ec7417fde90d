import { expect } from '@playwright/test';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  expectAccessible,
  expectNoSidewaysScrolling,
  Person,
  Shell,
  test,
  THEMES,
  until,
  usesTheme,
  WIDTHS,
} from '../support';

/** What a shell shows, and what would happen if a page took it for its own. */
const MARKUP = '<img src=x onerror=document.title=1>';

test.describe('a recording', () => {
  let ada: Person;
  let olga: Person;
  let request: AccessRequestDetail;
  let sessionId: string;

  test.beforeAll(async () => {
    [ada, olga] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
    ]);
    await ada.endsEverything();
    const asked = await ada.ask('payments-api');
    await olga.approve(asked);
    request = await ada.seesPhase(asked.id, 'Active');
    const ticket = await ada.ticket(request, 'app');
    sessionId = ticket.sessionId;
    const shell = await Shell.open(ticket);
    await shell.showsPrompt();
    shell.type(`echo "the answer is $((6*7))"; echo '${MARKUP}'\n`);
    await shell.shows('the answer is 42');
    shell.type('exit\n');
    await shell.isClosed();
    await until('the session is on record as closed', async () => {
      const { sessions } = await ada.api.getRequest(request.id);
      return sessions.find(
        ({ id, state }) => id === sessionId && state === 'closed',
      );
    });
  });

  test.afterAll(async () => {
    await ada.endsEverything();
  });

  test('shows its requester what stood on the screen, by keyboard alone', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('ada');
    await page.goto(address());
    const play = page.getByRole('button', { name: /^Play what was recorded/ });
    await play.focus();
    await page.keyboard.press('Enter');

    const screen = page.getByRole('region', { name: 'Recording' });
    await expect(screen).toContainText('the answer is 42');
    // Also what looks like a page is text.
    await expect(screen).toContainText('onerror');
    expect(await page.title()).not.toBe('1');
    await expect(screen.locator('img, script, iframe')).toHaveCount(0);
    await expect(page).toHaveURL(new RegExp(`\\?play=${sessionId}`));
    await expect(page.getByRole('alert')).toHaveCount(0);

    // The keys work at once: back to the beginning, and once more.
    await expect(screen.getByRole('button', { name: 'Play' })).toBeVisible();
    await page.keyboard.press('0');
    await expect(screen).not.toContainText('the answer is 42');
    await page.keyboard.press('Space');
    await expect(screen).toContainText('the answer is 42');

    await page.keyboard.press('Escape');
    await expect(page.getByRole('dialog')).toHaveCount(0);
    await expect(page).not.toHaveURL(/play=/);
  });

  test('is saved as a file by those who may see it, and each look is on record', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('pia');
    const addresses: string[] = [];
    page.on('request', sent => addresses.push(sent.url()));
    await page.goto(`${address()}?play=${sessionId}`);
    const download = page.waitForEvent('download');
    await page.getByRole('button', { name: /Download/ }).click();
    const file = await (await download).createReadStream();
    let text = '';
    for await (const piece of file) {
      text += piece;
    }
    expect(text).toContain('the answer is 42');
    expect(JSON.parse(text.slice(0, text.indexOf('\n')))).toMatchObject({
      version: 2,
      'kubernetes-access': { session: sessionId, state: 'whole' },
    });
    // Who may see it is told by a header, never by an address.
    expect(addresses.filter(url => /token=|eyJ/i.test(url))).toEqual([]);

    const pia = await Person.signIn('pia');
    const looks: string[] = [];
    for await (const event of pia.api.exportAuditEvents({
      chain: request.id,
    })) {
      if (event.eventId === 'recording-read') {
        looks.push(event.actor);
      }
    }
    expect(
      looks.filter(actor => actor === 'user:default/pia').length,
    ).toBeGreaterThanOrEqual(2);
  });

  test('is not for who approved it, and does not exist for others', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('olga');
    await page.goto(address());
    await expect(page.getByText(/had a shell in/)).toBeVisible();
    await expect(page.getByRole('button', { name: /^Play/ })).toHaveCount(0);
    await page.goto(`${address()}?play=${sessionId}`);
    await expect(page.getByRole('alert')).toContainText(
      'You may not play this recording',
    );

    const path = `/requests/${request.id}/sessions/${sessionId}/recording`;
    expect((await olga.send('GET', path)).status).toBe(403);
    const sam = await Person.signIn('sam');
    const answer = await sam.send('GET', path);
    expect(answer.status).toBe(404);
    expect(answer.body).not.toContain('42');
  });

  test('says so when it cannot be loaded, and can be tried again', async ({
    sitsDown,
  }) => {
    const { page } = await sitsDown('ada');
    let isOffline = true;
    await page.route(/\/recording$/, async route =>
      isOffline ? route.abort() : route.continue(),
    );
    await page.goto(`${address()}?play=${sessionId}`);
    await expect(page.getByRole('alert')).toContainText(
      'The recording cannot be shown now.',
    );
    isOffline = false;
    await page.getByRole('button', { name: 'Try again' }).click();
    await expect(page.getByRole('region', { name: 'Recording' })).toContainText(
      'the answer is 42',
    );
  });

  for (const theme of THEMES) {
    test(`and its page can be read by everybody, in ${theme} and at every width`, async ({
      sitsDown,
    }) => {
      const { page } = await sitsDown('ada');
      await usesTheme(page, theme);
      for (const [name, width] of Object.entries(WIDTHS)) {
        await page.setViewportSize({ width, height: 900 });
        await page.goto(address());
        await expect(page.getByText(/had a shell in/)).toBeVisible();
        await expectAccessible(page, `the request (${theme}, ${name})`);
        await expectNoSidewaysScrolling(page, `the request at ${width}`);
        await page
          .getByRole('button', { name: /^Play what was recorded/ })
          .click();
        await expect(
          page.getByRole('region', { name: 'Recording' }),
        ).toContainText('the answer is 42');
        await expectAccessible(page, `the recording (${theme}, ${name})`, {
          include: '[role="dialog"]',
        });
      }
    });
  }

  function address(): string {
    return `/kubernetes-access/requests/${request.id}`;
  }
});
