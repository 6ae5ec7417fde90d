import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { openSessionHarness } from '../testUtils/sessionHarness';
import { eventually } from '../testUtils/sockets';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

describe('a replica that cannot tell whether sessions may go on', () => {
  let harness: Harness;
  let never: Promise<never>;
  let giveUp: () => void;

  beforeEach(async () => {
    harness = await openSessionHarness();
    never = new Promise((_, reject) => {
      giveUp = () => reject(new Error('The connection was given up'));
    });
    never.catch(() => {});
  });

  afterEach(async () => {
    giveUp();
    jest.restoreAllMocks();
    await harness.close();
  });

  async function openTerminal(
    request: StoredRequest,
    connect = harness.connect,
  ) {
    const ticket = await harness.ticketFor(request);
    const browser = await connect(ticket);
    await eventually(() => browser.seen.message('ready') !== undefined);
    return { ...browser, ticket };
  }

  const rowOf = async (requestId: string) =>
    (await harness.stores.sessions.listByRequest(requestId))[0];

  const isClosed = async (requestId: string) => {
    while ((await rowOf(requestId)).state !== 'closed') {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  };

  describe('because the database is silent', () => {
    it('ends open sessions within 5 seconds', async () => {
      const request = await harness.activeRequest();
      const { seen } = await openTerminal(request);
      harness.contact.fallSilent();
      await harness.clock.advance(4_000);
      expect(seen.closed).toBeUndefined();
      await harness.clock.advance(1_000);
      expect(harness.sessions.live.count()).toBe(0);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.goingAway);
      expect(seen.message('ending')?.message).toContain('could not be checked');
    });

    it('leaves alone what the database has answered for in the last moment', async () => {
      const { seen } = await openTerminal(await harness.activeRequest());
      harness.contact.fallSilent();
      await harness.clock.advance(4_600);
      harness.contact.answerAgain();
      await harness.clock.advance(20_000);
      expect(seen.closed).toBeUndefined();
      expect(harness.sessions.live.count()).toBe(1);
    });

    it('ends what the other replicas may have closed while this one stood still', async () => {
      const { seen } = await openTerminal(await harness.activeRequest());
      harness.contact.beTakenForDead();
      expect(harness.sessions.live.count()).toBe(0);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.goingAway);
    });

    it('hands out no tickets', async () => {
      const request = await harness.activeRequest();
      harness.contact.fallSilent();
      await harness.clock.advance(5_000);
      await expect(harness.ticketFor(request)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    });

    it('lets nobody in with a ticket, and takes none, so that another replica may', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      harness.contact.fallSilent();
      await harness.clock.advance(5_000);
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.goingAway);

      const other = await harness.startReplica('replica-2');
      const second = await other.connect(ticket);
      await eventually(() => second.seen.message('ready') !== undefined);
    });

    it('keeps nobody waiting who comes with a ticket while it hangs', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      const redeem = jest
        .spyOn(harness.stores.sessions, 'redeem')
        .mockImplementation(() => never);
      const { seen } = await harness.connect(ticket);
      await eventually(() => redeem.mock.calls.length === 1);
      await harness.clock.advance(5_000);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.goingAway);
      expect(harness.execs).toHaveLength(0);
    });

    it('has room again for others after it has hung, though those who came meanwhile have no answer yet', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      const redeem = jest
        .spyOn(harness.stores.sessions, 'redeem')
        .mockImplementation(() => never);
      const waiting = await Promise.all(
        Array.from({ length: 200 }, () => harness.connect(ticket)),
      );
      await eventually(() => redeem.mock.calls.length === 200);
      expect((await harness.connect(ticket)).status).toBe(503);
      await harness.clock.advance(5_000);
      await eventually(() =>
        waiting.every(({ seen }) => seen.closed !== undefined),
      );
      redeem.mockRestore();
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.message('ready') !== undefined);
      expect(seen.closed).toBeUndefined();
    });

    it('closes what was redeemed in the end, when nobody was there any more', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      const { sessions } = harness.stores;
      const redeem = sessions.redeem.bind(sessions);
      let answer = () => {};
      jest.spyOn(sessions, 'redeem').mockImplementationOnce(async (...args) => {
        await new Promise<void>(resolve => (answer = resolve));
        return redeem(...args);
      });
      const { seen } = await harness.connect(ticket);
      await eventually(
        () => (sessions.redeem as jest.Mock).mock.calls.length > 0,
      );
      await harness.clock.advance(5_000);
      await eventually(() => seen.closed !== undefined);
      answer();
      await isClosed(request.id);
      expect(harness.execs).toHaveLength(0);
      expect(harness.sessions.live.count()).toBe(0);
    });

    it('drops who is being let in while it hangs', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      jest
        .spyOn(harness.stores.requests, 'get')
        .mockImplementation(() => never);
      const { seen } = await harness.connect(ticket);
      await eventually(() => harness.sessions.live.count() === 1);
      harness.contact.fallSilent();
      await harness.clock.advance(5_000);
      await eventually(() => seen.closed !== undefined);
      expect(harness.sessions.live.count()).toBe(0);
      expect(harness.execs).toHaveLength(0);
    });

    it('puts the ends on record once the database answers again, however long that takes', async () => {
      const request = await harness.activeRequest();
      const { seen } = await openTerminal(request);
      const markClosed = jest
        .spyOn(harness.stores.sessions, 'markClosed')
        .mockImplementation(() => never);
      harness.contact.fallSilent();
      await harness.clock.advance(5_000);
      await eventually(() => seen.closed !== undefined);
      await harness.clock.advance(10 * 60_000);
      expect((await rowOf(request.id)).state).toBe('open');
      markClosed.mockRestore();
      await harness.clock.advance(60_000);
      await isClosed(request.id);
      expect(harness.clock.pending).toBe(0);
    });
  });

  describe('because its clock is off', () => {
    it('opens no sessions and says by how much', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      harness.contact.offsetMs = -95_000;
      await expect(harness.ticketFor(request)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
        message: expect.stringContaining('95 seconds'),
      });
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.closed !== undefined);
      expect(seen.message('ending')?.message).toContain('95 seconds');
      expect(harness.execs).toHaveLength(0);
    });
  });

  describe('because a cluster is silent', () => {
    it('ends the sessions in it within 5 seconds', async () => {
      const { seen } = await openTerminal(await harness.activeRequest());
      await harness.clock.advance(10_000);
      harness.client.ping = () => never;
      await harness.clock.advance(5_000);
      expect(harness.sessions.live.count()).toBe(0);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.goingAway);
      expect(seen.message('ending')?.message).toContain('The cluster');
    });

    it('takes a refused connection for silence, too', async () => {
      const { seen } = await openTerminal(await harness.activeRequest());
      harness.client.ping = async () => {
        throw new Error('connection refused');
      };
      await harness.clock.advance(5_000);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.goingAway);
    });

    it('keeps sessions in a cluster that answers slowly', async () => {
      const { seen } = await openTerminal(await harness.activeRequest());
      harness.client.ping = async () =>
        new Promise(resolve => {
          harness.clock.schedule(3_000, resolve);
        });
      await harness.clock.advance(60_000);
      expect(seen.closed).toBeUndefined();
      expect(harness.sessions.live.count()).toBe(1);
    });

    it('keeps sessions in a cluster that is slow to answer once', async () => {
      await openTerminal(await harness.activeRequest());
      harness.client.ping = () => never;
      await harness.clock.advance(3_500);
      harness.client.ping = async () => {};
      await harness.clock.advance(20_000);
      expect(harness.sessions.live.count()).toBe(1);
    });

    it('drops who is being let in', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      harness.client.ping = () => never;
      jest.spyOn(harness.client, 'list').mockImplementation(() => never);
      const { seen } = await harness.connect(ticket);
      await eventually(() => harness.sessions.live.count() === 1);
      await harness.clock.advance(5_000);
      await eventually(() => seen.closed !== undefined);
      expect(harness.sessions.live.count()).toBe(0);
    });

    it('asks nobody while there is no session', async () => {
      let pings = 0;
      harness.client.ping = async () => {
        pings += 1;
      };
      const request = await harness.activeRequest();
      await harness.clock.advance(60_000);
      expect(pings).toBe(0);
      const first = await openTerminal(request);
      const second = await openTerminal(request);
      await harness.clock.advance(10_000);
      expect(pings).toBe(11);
      first.socket.close();
      second.socket.close();
      await eventually(() => harness.sessions.live.count() === 0);
      await harness.clock.advance(60_000);
      expect(pings).toBe(11);
    });
  });
});
