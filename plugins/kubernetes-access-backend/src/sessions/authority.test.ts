import {
  CLOSE_CODES,
  MAX_IDENTITY_BYTES,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { SessionRefusal } from './mayOpenSession';
import type { FakeBrowser } from '../testUtils/SessionHost';
import { openSessionHarness } from '../testUtils/sessionHarness';
import { eventually } from '../testUtils/sockets';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

const MINUTE = 60_000;
const CONSENT_GONE: SessionRefusal = {
  reason: 'consent-gone',
  close: 'notAllowed',
  message: 'The namespace payments does not name its owners any more.',
};

describe('the authority of an open session', () => {
  let harness: Harness;

  beforeEach(async () => {
    harness = await openSessionHarness();
  });

  afterEach(async () => {
    await harness.close();
  });

  async function openTerminal() {
    const request = await harness.activeRequest();
    const ticket = await harness.ticketFor(request);
    const browser = await harness.connect(ticket);
    await eventually(() => browser.seen.message('ready') !== undefined);
    return { request, ticket, browser };
  }

  function say(browser: FakeBrowser, token: string): void {
    browser.socket.send(JSON.stringify({ type: 'identity', token }));
  }

  /** Minutes in which the browser answers pings and says who is there, if anybody is. */
  async function minutes(
    count: number,
    browser: FakeBrowser,
    token?: string,
  ): Promise<void> {
    for (let minute = 0; minute < count; minute++) {
      if (token) {
        say(browser, token);
      }
      for (let step = 0; step < 3; step++) {
        await answered(browser);
        await harness.clock.advance(MINUTE / 3);
      }
    }
  }

  /** Lets everything that was sent arrive, and pings be answered. */
  async function answered({ socket }: FakeBrowser): Promise<void> {
    if (socket.readyState !== socket.OPEN) {
      return;
    }
    await new Promise<void>(resolve => {
      const done = () => {
        socket.off('pong', done);
        socket.off('close', done);
        resolve();
      };
      socket.on('pong', done);
      socket.on('close', done);
      socket.ping();
    });
  }

  const refusalsOf = async (requestId: string) =>
    (await harness.stores.audit.read(requestId))
      .filter(({ outcome }) => outcome === 'refused')
      .map(({ actor, meta }) => ({ actor, reason: meta.reason }));

  const lastQuestion = () => harness.authority.questions.at(-1);

  it('is asked about when a ticket is made, with the caller’s credentials', async () => {
    const request = await harness.activeRequest();
    harness.authority.judgement = async () => CONSENT_GONE;
    await expect(harness.ticketFor(request)).rejects.toMatchObject({
      name: 'NotAllowedError',
      message: CONSENT_GONE.message,
    });
    expect(lastQuestion()?.caller?.userRef).toBe('user:default/ada');
    expect(await refusalsOf(request.id)).toEqual([
      { actor: 'user:default/ada', reason: 'consent-gone' },
    ]);
  });

  it('keeps a ticket back when it cannot be asked about', async () => {
    const request = await harness.activeRequest();
    harness.authority.judgement = async () => {
      throw new Error('The catalog does not answer');
    };
    await expect(harness.ticketFor(request)).rejects.toMatchObject({
      name: 'ServiceUnavailableError',
      message: expect.not.stringContaining('The catalog does not answer;'),
    });
  });

  it('is confirmed by the browser, and asked about each minute with its newest credentials', async () => {
    const { browser } = await openTerminal();
    await minutes(10, browser, 'token of user:default/ada');
    expect(browser.seen.closed).toBeUndefined();
    expect(harness.authority.questions.length).toBeGreaterThanOrEqual(10);
    expect(lastQuestion()).toMatchObject({
      user: 'user:default/ada',
      userInCatalog: true,
      caller: { userRef: 'user:default/ada' },
    });
  });

  it('ends with it, in its words', async () => {
    const { browser, request } = await openTerminal();
    await minutes(1, browser, 'token of user:default/ada');
    harness.authority.judgement = async () => CONSENT_GONE;
    await minutes(1, browser, 'token of user:default/ada');
    await eventually(() => browser.seen.closed !== undefined);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
    expect(browser.seen.message('ending')?.message).toBe(CONSENT_GONE.message);
    const row = async () =>
      (await harness.stores.sessions.listByRequest(request.id))[0];
    while ((await row()).state !== 'closed') {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    expect((await row()).closeReason).toBe(CONSENT_GONE.message);
  });

  it('remembers whether the catalog had the user when it began', async () => {
    harness.authority.users = [];
    const { browser } = await openTerminal();
    await minutes(1, browser, 'token of user:default/ada');
    expect(lastQuestion()).toMatchObject({ userInCatalog: false });
  });

  it('ends the session when nobody has been confirmed for 5 minutes', async () => {
    const { browser } = await openTerminal();
    await minutes(4, browser);
    expect(browser.seen.closed).toBeUndefined();
    await minutes(2, browser);
    await eventually(() => browser.seen.closed !== undefined);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
    expect(browser.seen.message('ending')?.message).toContain('Sign in again');
  });

  it('ends the session when the browser stops confirming', async () => {
    const { browser } = await openTerminal();
    await minutes(4, browser, 'token of user:default/ada');
    await minutes(3, browser);
    expect(browser.seen.closed).toBeUndefined();
    await minutes(4, browser);
    await eventually(() => browser.seen.closed !== undefined);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
  });

  it('ends the session at once when somebody else is signed in, and puts that on record', async () => {
    const { browser, request } = await openTerminal();
    say(browser, 'token of user:default/sam');
    await eventually(() => browser.seen.closed !== undefined);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
    expect(browser.seen.message('ending')?.message).toContain('somebody else');
    await eventually(() => harness.sessions.live.count() === 0);
    while ((await refusalsOf(request.id)).length === 0) {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    expect(await refusalsOf(request.id)).toEqual([
      { actor: 'user:default/sam', reason: 'other-user' },
    ]);
  });

  it('is not confirmed by tokens that are nobody’s', async () => {
    const { browser, request } = await openTerminal();
    await minutes(4, browser, 'expired');
    expect(browser.seen.closed).toBeUndefined();
    await minutes(3, browser, 'garbage');
    await eventually(() => browser.seen.closed !== undefined);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
    expect(await refusalsOf(request.id)).toContainEqual({
      actor: 'user:default/ada',
      reason: 'bad-identity',
    });
  });

  it.each([
    ['without a token', '{"type":"identity"}'],
    ['with an empty token', '{"type":"identity","token":""}'],
    ['with a token that is no text', '{"type":"identity","token":{"a":1}}'],
    [
      'that is longer than any token',
      JSON.stringify({
        type: 'identity',
        token: 'x'.repeat(MAX_IDENTITY_BYTES),
      }),
    ],
  ])(
    'is not asked about for an identity %s: that is a bad frame',
    async (_, frame) => {
      const { browser } = await openTerminal();
      browser.socket.send(frame);
      await eventually(() => browser.seen.closed !== undefined);
      expect(browser.seen.closed?.code).toBe(CLOSE_CODES.badFrame);
    },
  );

  it('is identified one token at a time, however many come', async () => {
    const { browser } = await openTerminal();
    const identify = harness.authority.identify.bind(harness.authority);
    let running = 0;
    let most = 0;
    let calls = 0;
    harness.authority.identify = async token => {
      calls += 1;
      running += 1;
      most = Math.max(most, running);
      await new Promise(resolve => setTimeout(resolve, 5));
      running -= 1;
      return identify(token);
    };
    for (let i = 0; i < 500; i++) {
      say(browser, 'token of user:default/ada');
    }
    await answered(browser);
    await eventually(() => running === 0);
    expect(most).toBe(1);
    expect(calls).toBeLessThan(100);
    expect(browser.seen.closed).toBeUndefined();
  });

  it('survives some minutes in which the catalog does not answer, and no more', async () => {
    const { browser } = await openTerminal();
    await minutes(2, browser, 'token of user:default/ada');
    harness.authority.judgement = async () => {
      throw new Error('The catalog does not answer');
    };
    await minutes(3, browser, 'token of user:default/ada');
    expect(browser.seen.closed).toBeUndefined();
    harness.authority.judgement = () => new Promise(() => {});
    await minutes(4, browser, 'token of user:default/ada');
    await eventually(() => browser.seen.closed !== undefined);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
  });

  it('leaves no token behind in any row or log', async () => {
    const { browser, request } = await openTerminal();
    await minutes(2, browser, 'token of user:default/ada');
    await minutes(1, browser, 'garbage-that-is-secret');
    browser.socket.close(1000);
    await eventually(() => harness.sessions.live.count() === 0);
    const { logger, stores } = harness;
    while (
      (await stores.sessions.listByRequest(request.id))[0].state !== 'closed'
    ) {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
    const said = JSON.stringify([
      ...logger.debug.mock.calls,
      ...logger.info.mock.calls,
      ...logger.warn.mock.calls,
      ...logger.error.mock.calls,
      await stores.audit.read(request.id),
      await stores.sessions.listByRequest(request.id),
    ]);
    expect(said).not.toContain('token of');
    expect(said).not.toContain('garbage-that-is-secret');
  });
});
