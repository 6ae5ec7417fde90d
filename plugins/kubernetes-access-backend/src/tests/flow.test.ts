import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ENGINES } from '../testUtils/engines';
import { TestApi } from '../testUtils/TestApi';

jest.setTimeout(60_000);

describe.each(ENGINES)('the way of a request through the API on %s', engine => {
  let api: TestApi;

  beforeEach(async () => {
    api = await TestApi.start({ engine });
  });
  afterEach(() => api.stop());

  const place = {
    namespace: 'payments',
    pod: 'payments-api-1',
    container: 'api',
    columns: 80,
    rows: 24,
  };
  const see = async (id: string) =>
    (await api.get('ada', `/requests/${id}`)).body;

  it('goes from the question to the end, and all of it is on record', async () => {
    const asked = await api.ask();
    const { body: inbox } = await api.get('olga', '/requests?scope=to-decide');
    expect(inbox.items.map(({ id }: { id: string }) => id)).toEqual([asked.id]);
    const { body: strangers } = await api.get(
      'sam',
      '/requests?scope=to-decide',
    );
    expect(strangers.items).toEqual([]);

    await api.clock.advance(1_000);
    expect((await api.approve('olga', asked)).status).toBe(200);
    expect((await see(asked.id)).phase).toBe('Approved');
    await api.grant(asked.id);
    expect((await see(asked.id)).phase).toBe('Active');

    const opened = await api.post(
      'ada',
      `/requests/${asked.id}/sessions`,
      place,
    );
    expect({ status: opened.status, error: opened.body.error }).toEqual({
      status: 201,
    });
    const { sessionId } = opened.body;
    await api.stores
      .knex('tickets')
      .update({ redeemed_at: '2026-01-15T12:00:02.000Z' });
    await api.stores.sessions.markOpen(sessionId, 'replica-1', []);
    expect((await see(asked.id)).sessions).toMatchObject([{ id: sessionId }]);

    await api.clock.advance(1_000);
    const revoked = await api.post('omar', `/requests/${asked.id}/revoke`, {
      comment: 'Enough for today.',
    });
    expect(revoked.status).toBe(200);
    await api.stores.sessions.markClosed(
      sessionId,
      { reason: 'Omar revoked it.', bytesIn: 1, bytesOut: 5_000_000_000 },
      [],
    );
    const ended = await see(asked.id);
    expect(ended).toMatchObject({ phase: 'Revoked' });
    expect(ended.timeline.map(({ kind }: { kind: string }) => kind)).toEqual(
      expect.arrayContaining(['asked', 'decided', 'started', 'ended']),
    );

    const again = await api.post(
      'ada',
      `/requests/${asked.id}/sessions`,
      place,
    );
    expect(again.status).toBe(409);
    const { body: open } = await api.get(
      'ada',
      '/requests?scope=mine&open=true',
    );
    expect(open.items).toEqual([]);
    await expect(api.stores.knex('reap_queue')).resolves.toHaveLength(1);
    const stored = await api.stores.requests.get(asked.id);
    const events = await api.stores.audit.read(asked.id);
    expect(events.map(({ eventId }) => eventId)).toEqual(
      expect.arrayContaining([
        'request-create',
        'session-ticket',
        'request-end',
      ]),
    );
    expect(
      stateAt(stored!, stored!.observed, new Date(api.clock.now())).endReason,
    ).toBe('revoked');
  });

  it('counts what was asked at the same moment against the same limits', async () => {
    const asks = await Promise.all(
      Array.from({ length: 3 }, () =>
        api.post('ada', '/requests', {
          entityRef: 'component:default/payments-api',
          accessLevel: 'exec',
          reason: 'The queue is stuck since the last deploy.',
          durationSeconds: 600,
        }),
      ),
    );
    expect(asks.map(({ status }) => status).sort()).toEqual([201, 409, 409]);
  });

  it('takes names for what they are, however they are written', async () => {
    const { id } = await api.ask();
    for (const cursor of ["' or 1=1 --", '%', '_', id.toUpperCase()]) {
      const { status } = await api.get(
        'ada',
        `/requests/${encodeURIComponent(cursor)}`,
      );
      expect([cursor, [400, 404].includes(status)]).toEqual([cursor, true]);
    }
  });
});
