import type { Page } from '@playwright/test';
import { expect, test } from '@playwright/test';
import { Person, PersonInBrowser } from '../support';

const TYPED_UNSEEN = 'correct-horse-battery-staple';
const JWT = /eyJ[\w-]+\.(eyJ[\w-]+)\.[\w-]+/g;

test.describe('a browser in which somebody works in a pod', () => {
  let ada: PersonInBrowser;
  let adaOnTheApi: Person;
  let olgaOnTheApi: Person;

  test.beforeEach(async ({ browser }) => {
    [adaOnTheApi, olgaOnTheApi] = await Promise.all([
      Person.signIn('ada'),
      Person.signIn('olga'),
    ]);
    await adaOnTheApi.endsEverything();
    ada = await PersonInBrowser.signIn(browser, 'ada');
  });

  test.afterEach(async () => {
    await ada.leaves();
    await adaOnTheApi.endsEverything();
  });

  test('keeps no ticket and is never shown a credential of the cluster', async () => {
    const seen = watch(ada.page);
    const { id, digest } = await adaOnTheApi.ask('payments-api');
    await olgaOnTheApi.api.approveRequest(id, { digest });

    await ada.opensAccessTab('payments-api');
    await ada.button('Open terminal').click();
    await ada
      .button(/^Open a shell in app of payments-api-/)
      .first()
      .click();
    await expect(ada.screen).toContainText('#');
    await ada.types('stty -echo; echo now-$((6*7)); read -r word', 'now-42');
    await ada.page.keyboard.type(TYPED_UNSEEN);
    await ada.page.keyboard.press('Enter');
    // The shell says how much it read: that it was typed is sure, where it is looked for is not.
    await ada.types('stty echo; echo length=${#word}', 'length=28');
    await seen.settled();

    expect(seen.tickets).toHaveLength(1);
    const places = [...seen.places, ...(await remains(ada.page))];
    expect(places.length).toBeGreaterThan(10);
    for (const { name, text } of places) {
      expect(text.includes(seen.tickets[0]), `the ticket in ${name}`).toBe(
        false,
      );
      expect(text.includes(TYPED_UNSEEN), `what was typed in ${name}`).toBe(
        false,
      );
      expect(credentialsIn(text), name).toEqual([]);
    }
  });

  test('would be found to keep one', () => {
    const claims = { sub: 'system:serviceaccount:kubernetes-access-grants:x' };
    const [head, body] = [{ alg: 'ES256' }, claims].map(part =>
      Buffer.from(JSON.stringify(part)).toString('base64url'),
    );
    expect(credentialsIn(`"Bearer ${head}.${body}.c2lnbmF0dXJl"`)).toEqual([
      claims.sub,
    ]);
  });
});

interface Seen {
  name: string;
  text: string;
}

/** Everything that comes into a page, from now on. The one answer that holds a ticket is noted without it. */
function watch(page: Page) {
  const places: Seen[] = [];
  const tickets: string[] = [];
  const reading: Array<Promise<void>> = [];

  const withoutTicket = (url: string, text: string) => {
    if (!/\/sessions$/.test(url)) {
      return text;
    }
    const { ticket } = JSON.parse(text);
    tickets.push(ticket);
    return text.replace(ticket, '');
  };

  page.on('console', message =>
    places.push({ name: 'the console', text: message.text() }),
  );
  page.on('websocket', socket => {
    places.push({ name: 'the address of a WebSocket', text: socket.url() });
    socket.on('framereceived', ({ payload }) =>
      places.push({ name: 'a frame', text: payload.toString() }),
    );
  });
  page.on('response', response => {
    const url = response.url();
    places.push({ name: 'an address', text: url });
    if (url.includes('/api/')) {
      const read = response.text().then(
        text => {
          places.push({ name: url, text: withoutTicket(url, text) });
        },
        // The page has gone on, or there is no body.
        () => {},
      );
      reading.push(read);
    }
  });
  return {
    places,
    tickets,
    settled: async () => {
      await Promise.all(reading);
    },
  };
}

/** What is left in the page. */
async function remains(page: Page): Promise<Seen[]> {
  const storage = await page.evaluate(() =>
    JSON.stringify([
      { ...localStorage },
      { ...sessionStorage },
      document.cookie,
      history.state,
      location.href,
    ]),
  );
  return [
    { name: 'the page', text: await page.content() },
    { name: 'what the browser stores', text: storage },
  ];
}

/** Whose tokens of a cluster stand in a text. */
function credentialsIn(text: string): string[] {
  return [...text.matchAll(JWT)]
    .map(([, claims]) => {
      const { sub } = JSON.parse(Buffer.from(claims, 'base64url').toString());
      return String(sub);
    })
    .filter(subject => subject.startsWith('system:serviceaccount:'));
}
