import {
  CHANNEL,
  CLOSE_CODES,
  SESSION_PROTOCOL,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { gunzipSync } from 'node:zlib';
import { TABLES } from '../database/tables';
import type { StoredSession } from '../database/types';
import { KubeApiError, KubeConnectionError, podsPath } from '../kubernetes';
import { aPod, openSessionHarness, PLACE } from '../testUtils/sessionHarness';
import type { FakeBrowser } from '../testUtils/SessionHost';
import { eventually } from '../testUtils/sockets';
import { TRAFFIC_MS } from './TrafficNotes';

type Harness = Awaited<ReturnType<typeof openSessionHarness>>;

function output(text: string): Buffer {
  return Buffer.concat([Buffer.of(CHANNEL.stdout), Buffer.from(text)]);
}

function sayWhoIsThere(browser: FakeBrowser, user = 'user:default/ada'): void {
  const message = { type: 'identity', token: `token of ${user}` };
  browser.socket.send(JSON.stringify(message));
}

describe('sessions', () => {
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
    return { request, ticket, browser, exec: harness.execs[0] };
  }

  const rowOf = async (requestId: string) =>
    (await harness.stores.sessions.listByRequest(requestId))[0];

  const untilRow = async (
    requestId: string,
    holds: (row: StoredSession) => boolean,
  ) => {
    while (!holds(await rowOf(requestId))) {
      await new Promise(resolve => setTimeout(resolve, 2));
    }
  };

  const isClosed = async (requestId: string) =>
    untilRow(requestId, ({ state }) => state === 'closed');

  const eventsOf = async (chain: string) =>
    (await harness.stores.audit.read(chain)).map(
      ({ eventId, actor, outcome, meta }) => ({
        eventId,
        actor,
        outcome,
        reason: meta.reason,
      }),
    );

  describe('a ticket', () => {
    it('opens a terminal once', async () => {
      const { ticket, browser, exec } = await openTerminal();
      expect(browser.socket.protocol).toBe(SESSION_PROTOCOL);
      expect(browser.seen.message('ready')).toMatchObject({
        sessionId: ticket.sessionId,
        remainingMs: 3_600_000,
        recorded: true,
      });
      exec.socket.send(output('$ '));
      await eventually(() => browser.seen.frames.length === 1);

      const second = await harness.connect(ticket);
      await eventually(() => second.seen.closed !== undefined);
      expect(second.seen.closed?.code).toBe(CLOSE_CODES.badTicket);
      expect(harness.execs).toHaveLength(1);
    });

    it('is on record before anything is opened, without its secret', async () => {
      const request = await harness.activeRequest();
      const { ticket } = await harness.ticketFor(request);
      expect(harness.execs).toHaveLength(0);
      expect(await eventsOf(request.id)).toMatchObject([
        {
          eventId: 'session-ticket',
          actor: 'user:default/ada',
          outcome: 'succeeded',
        },
      ]);
      expect(await rowOf(request.id)).toMatchObject({
        state: 'opening',
        podUid: expect.stringMatching(/^uid-/),
        containerId: 'c://1',
      });
      const rows = await Promise.all(
        [TABLES.sessions, TABLES.tickets, TABLES.auditEvents].map(table =>
          harness.stores.knex(table).select(),
        ),
      );
      expect(JSON.stringify(rows)).not.toContain(ticket);
    });

    it('is worth nothing after 30 seconds', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      await harness.clock.advance(30_000);
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.badTicket);
      expect(seen.message('ending')).toMatchObject({ reason: 'badTicket' });
      expect(harness.execs).toHaveLength(0);
    });

    it('does not open another session', async () => {
      const request = await harness.activeRequest();
      const first = await harness.ticketFor(request);
      const second = await harness.ticketFor(request);
      const { seen } = await harness.connect({ ...first, path: second.path });
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.badTicket);
      expect(await eventsOf('system')).toContainEqual({
        eventId: 'access-refused',
        actor: 'outside Backstage, unknown',
        outcome: 'refused',
        reason: 'bad-ticket',
      });
    });

    it('is not to be had beyond the limit, not even by asking at once', async () => {
      await harness.close();
      harness = await openSessionHarness({ maxPerUser: 2 });
      const request = await harness.activeRequest();
      const answers = await Promise.allSettled(
        [1, 2, 3, 4].map(() => harness.ticketFor(request)),
      );
      const refused = answers.filter(({ status }) => status === 'rejected');
      expect(refused).toHaveLength(2);
      expect(refused[0]).toMatchObject({ reason: { name: 'ConflictError' } });
    });

    it.each([
      ['another namespace', { namespace: 'storefront' }],
      ['a pod that is not matched', { pod: 'payments-worker-1' }],
      ['a pod that cannot be', { pod: '../../secrets' }],
      ['a selector in disguise', { pod: 'x,metadata.name!=x' }],
      ['a container that is not there', { container: 'db' }],
    ])('is not to be had for %s', async (_, place) => {
      harness.client.put(podsPath('payments'), {
        ...aPod('payments-worker-1'),
        metadata: { name: 'payments-worker-1', labels: {} },
      });
      const request = await harness.activeRequest();
      await expect(harness.ticketFor(request, place)).rejects.toMatchObject({
        name: 'NotAllowedError',
      });
      expect(await eventsOf(request.id)).toMatchObject([
        { eventId: 'access-refused', actor: 'user:default/ada' },
      ]);
      expect(harness.cluster.ensured).toEqual([]);
    });

    it('is not to be had by anybody but the requester', async () => {
      const request = await harness.activeRequest();
      await expect(
        harness.ticketFor(request, {}, 'user:default/sam'),
      ).rejects.toMatchObject({ name: 'NotAllowedError' });
    });

    it('is not to be had when the time is up, whether anybody noticed or not', async () => {
      const request = await harness.activeRequest();
      await harness.clock.advance(3_600_000);
      await expect(harness.ticketFor(request)).rejects.toMatchObject({
        name: 'ConflictError',
        message: expect.stringContaining('time'),
      });
    });

    it('is not to be had while the cluster is away', async () => {
      const request = await harness.activeRequest();
      harness.cluster.ready = false;
      await expect(harness.ticketFor(request)).rejects.toMatchObject({
        name: 'ServiceUnavailableError',
      });
    });

    it('has the pod added to the grant', async () => {
      const request = await harness.activeRequest();
      await harness.ticketFor(request);
      expect(harness.cluster.ensured).toEqual(['payments/payments-api-1']);
    });
  });

  describe('an upgrade', () => {
    it.each([
      ['from another origin', { origin: 'https://evil.example.com' }, 403],
      ['without our protocol', { protocols: ['something.else'] }, 400],
      ['without a ticket', { protocols: [SESSION_PROTOCOL] }, 401],
    ])('is refused %s, and the ticket stays good', async (_, how, status) => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      expect((await harness.connect(ticket, how)).status).toBe(status);
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.message('ready') !== undefined);
      expect(seen.closed).toBeUndefined();
    });
  });

  describe('the exec', () => {
    it('runs with the token of the grant and in the name of the session', async () => {
      const { request, ticket, exec } = await openTerminal();
      expect(exec.request).toMatchObject({
        namespace: 'payments',
        pod: PLACE.pod,
        container: 'app',
        tty: true,
        token: `token of ${request.id}`,
        userAgent: `kubernetes-access/1.2.3 (user=user:default/ada; request=${request.id}; session=${ticket.sessionId})`,
        auditId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(exec.request.command).toContain(ticket.sessionId);
    });

    it('is tried again for a second when the binding is not in force yet', async () => {
      const forbidden = () =>
        new KubeApiError({ status: 403, message: 'forbidden' });
      harness.cluster.refusals.push(forbidden(), forbidden());
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      const { seen } = await harness.connect(ticket);
      await eventually(() => harness.cluster.refusals.length === 1);
      await harness.clock.advance(1_000);
      await eventually(() => seen.message('ready') !== undefined);
      expect(harness.execs).toHaveLength(1);
    });

    it('takes a new token when another replica had to make the ServiceAccount anew', async () => {
      harness.cluster.refusals.push(
        new KubeApiError({ status: 401, message: 'unauthorized' }),
      );
      const request = await harness.activeRequest();
      const { seen } = await harness.connect(await harness.ticketFor(request));
      await eventually(() => seen.message('ready') !== undefined);
      expect(harness.forgotten).toEqual([request.id]);
      expect(harness.execs).toHaveLength(1);
    });

    it.each([
      [
        'the cluster is away',
        new KubeConnectionError('no answer'),
        CLOSE_CODES.upstream,
      ],
      [
        'the pod is gone',
        new KubeApiError({ status: 404, message: 'not found' }),
        CLOSE_CODES.podGone,
      ],
      [
        'the cluster is broken',
        new KubeApiError({ status: 500, message: 'internal' }),
        CLOSE_CODES.upstream,
      ],
    ])('is refused in words when %s', async (_, error, code) => {
      harness.cluster.refusals.push(error);
      const request = await harness.activeRequest();
      const { seen } = await harness.connect(await harness.ticketFor(request));
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(code);
      expect(seen.message('ending')?.message).not.toContain(error.message);
      await isClosed(request.id);
      expect(await eventsOf(request.id)).toContainEqual(
        expect.objectContaining({
          eventId: 'access-refused',
          actor: 'user:default/ada',
        }),
      );
      expect(harness.sessions.live.count()).toBe(0);
    });

    it('is not opened when the container was restarted since', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      const path = podsPath('payments');
      const { uid } = harness.client.objects.get(
        `${path}/${PLACE.pod}`,
      )!.metadata;
      const restarted = aPod(PLACE.pod, 'c://2');
      harness.client.put(path, {
        ...restarted,
        metadata: { ...restarted.metadata, uid },
      });
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.podGone);
      expect(harness.execs).toHaveLength(0);
    });

    it('is dropped when the pod is replaced while it opens', async () => {
      harness.cluster.beforeOpen = async () => {
        harness.client.put(podsPath('payments'), aPod(PLACE.pod, 'c://2'));
      };
      const request = await harness.activeRequest();
      const { seen } = await harness.connect(await harness.ticketFor(request));
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.podGone);
      expect(seen.frames).toEqual([]);
      const [exec] = harness.execs;
      await eventually(() => exec.arrived.closed !== undefined);
      expect(exec.arrived.frames).toEqual([]);
      expect((await rowOf(request.id)).openedAt).toBeUndefined();
    });

    it('is not opened when the request ended after the ticket', async () => {
      const request = await harness.activeRequest();
      const ticket = await harness.ticketFor(request);
      await harness.commitEnd(request);
      const { seen } = await harness.connect(ticket);
      await eventually(() => seen.closed !== undefined);
      expect(seen.closed?.code).toBe(CLOSE_CODES.revoked);
      expect(harness.execs).toHaveLength(0);
    });

    it('is dropped when the request ends while it opens', async () => {
      const request = await harness.activeRequest();
      harness.cluster.beforeOpen = async () =>
        harness.sessions.live.cut(request.id, {
          reason: 'revoked',
          message: 'Olga ended the access.',
        });
      const { seen } = await harness.connect(await harness.ticketFor(request));
      await eventually(() => seen.closed !== undefined);
      expect(seen.order).toEqual(['ending']);
      const [exec] = harness.execs;
      await eventually(() => exec.arrived.closed !== undefined);
      expect(exec.arrived.frames).toEqual([]);
    });
  });

  describe('an open session', () => {
    it('is on record as open, then as closed with what went through it', async () => {
      const { request, browser, exec } = await openTerminal();
      expect(await rowOf(request.id)).toMatchObject({
        state: 'open',
        replica: 'replica-1',
      });
      browser.socket.send(Buffer.from('\0hello'));
      await eventually(() => exec.arrived.frames.length === 2);
      exec.socket.send(output('hi'));
      await eventually(() => browser.seen.frames.length === 1);
      browser.socket.close(1000);
      await isClosed(request.id);
      expect(await rowOf(request.id)).toMatchObject({
        state: 'closed',
        closeReason: 'The terminal was closed.',
        bytesIn: 5,
        bytesOut: 2,
      });
      const events = await harness.stores.audit.read(request.id);
      expect(events.map(({ eventId }) => eventId)).toEqual([
        'session-ticket',
        'session-open',
        'recording-segment',
        'session-close',
      ]);
      expect(events[3].meta).toMatchObject({
        reason: 'normal',
        recordingComplete: true,
        segments: 1,
      });
      expect(events[1].meta).toMatchObject({
        auditId: expect.stringMatching(/^[0-9a-f-]{36}$/),
      });
      expect(
        await harness.stores.archive.verify({
          chain: request.id,
          record: false,
        }),
      ).toMatchObject({ sound: true });
    });

    it('tells within seconds what went through it, while it is open', async () => {
      const { request, browser, exec } = await openTerminal();
      browser.socket.send(Buffer.from('\0hello'));
      await eventually(() => exec.arrived.frames.length === 2);
      exec.socket.send(output('hi'));
      await eventually(() => browser.seen.frames.length === 1);
      await harness.clock.advance(TRAFFIC_MS);
      await untilRow(request.id, ({ bytesOut }) => bytesOut > 0);
      expect(await rowOf(request.id)).toMatchObject({
        state: 'open',
        bytesIn: 5,
        bytesOut: 2,
      });
    });

    it('is recorded, without what was typed', async () => {
      const { request, ticket, browser, exec } = await openTerminal();
      browser.socket.send(Buffer.from('\0my password'));
      await eventually(() => exec.arrived.frames.length === 2);
      exec.socket.send(output('Password: '));
      await eventually(() => browser.seen.frames.length === 1);
      browser.socket.close(1000);
      await isClosed(request.id);
      const cast = (await harness.stores.recordings.read(ticket.sessionId))
        .map(({ data }) => gunzipSync(data).toString())
        .join('');
      expect(cast).toMatch(/^\{"version":2,"width":80,"height":24,/);
      expect(cast).toContain('"o","Password: "');
      expect(cast).not.toContain('my password');
    });

    it('is cut at once, and only under the request that ended', async () => {
      const first = await openTerminal();
      const other = await harness.activeRequest({
        requester: 'user:default/sam',
      });
      const second = await harness.connect(await harness.ticketFor(other));
      await eventually(() => second.seen.message('ready') !== undefined);
      expect(harness.sessions.live.requestIds().sort()).toEqual(
        [first.request.id, other.id].sort(),
      );

      harness.sessions.live.cut(first.request.id, {
        reason: 'revoked',
        message: 'Olga ended the access.',
      });
      expect(harness.sessions.live.requestIds()).toEqual([other.id]);
      await eventually(
        () =>
          first.browser.seen.closed !== undefined &&
          first.exec.arrived.closed !== undefined,
      );
      expect(first.browser.seen.closed?.code).toBe(CLOSE_CODES.revoked);
      expect(first.browser.seen.message('ending')).toMatchObject({
        message: 'Olga ended the access.',
      });
      expect(second.seen.closed).toBeUndefined();
    });

    it('ends by itself when the time is up', async () => {
      const { browser, exec } = await openTerminal();
      // In steps in which real sockets can answer the pings, and never idle.
      for (let step = 1; step <= 179; step++) {
        sayWhoIsThere(browser);
        exec.socket.send(output('.'));
        await eventually(() => browser.seen.frames.length === step);
        await harness.clock.advance(20_000);
      }
      await harness.clock.advance(19_999);
      expect(browser.seen.closed).toBeUndefined();
      await harness.clock.advance(1);
      await eventually(() => browser.seen.closed !== undefined);
      expect(browser.seen.closed?.code).toBe(CLOSE_CODES.expired);
    });

    it('ends within a minute of an end that nobody told this process', async () => {
      const { request, browser } = await openTerminal();
      await harness.commitEnd(request);
      await harness.clock.advance(60_000);
      await eventually(() => browser.seen.closed !== undefined);
      expect(browser.seen.closed?.code).toBe(CLOSE_CODES.revoked);
    });

    it('is closed and on record as closed when the back end stops', async () => {
      const { request, browser } = await openTerminal();
      await harness.sessions.stop();
      await eventually(() => browser.seen.closed !== undefined);
      expect(browser.seen.closed?.code).toBe(CLOSE_CODES.goingAway);
      expect(await rowOf(request.id)).toMatchObject({ state: 'closed' });
    });

    it('leaves no timer behind', async () => {
      const { request, browser } = await openTerminal();
      browser.socket.close(1000);
      await isClosed(request.id);
      await eventually(() => harness.clock.pending <= 1);
      // What is left looks after the ticket.
      await harness.clock.advance(31_000);
      expect(harness.clock.pending).toBe(0);
      expect(harness.sessions.live.count()).toBe(0);
    });
  });

  it('lets nobody in after it was stopped', async () => {
    const request = await harness.activeRequest();
    const ticket = await harness.ticketFor(request);
    await harness.sessions.stop();
    expect((await harness.connect(ticket)).status).toBe(503);
  });
});
