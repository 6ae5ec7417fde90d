import type { Person } from '../testUtils/TestApi';
import { TestApi } from '../testUtils/TestApi';

describe('the list of open sessions', () => {
  let api: TestApi;
  let requestId: string;
  let sessionId: string;

  beforeEach(async () => {
    api = await TestApi.start();
    const asked = await api.ask();
    requestId = asked.id;
    await api.approve('olga', asked);
    await api.grant(requestId);
    const { body } = await api.post('ada', `/requests/${requestId}/sessions`, {
      namespace: 'payments',
      pod: 'payments-api-1',
      container: 'api',
      columns: 80,
      rows: 24,
    });
    sessionId = body.sessionId;
  });

  afterEach(async () => {
    await api.stop();
  });

  const seenBy = async (person: Person) =>
    (await api.get(person, '/sessions')).body.items.map(
      ({ session }: { session: { id: string } }) => session.id,
    );

  it('has a session from its opening to its end', async () => {
    expect(await seenBy('ada')).toEqual([]);
    await api.stores.sessions.markOpen(sessionId, 'replica-1', []);
    expect((await api.get('ada', '/sessions')).body.items).toMatchObject([
      {
        session: { pod: 'payments-api-1', container: 'api', state: 'open' },
        request: { id: requestId, phase: 'Active', actions: { cancel: true } },
      },
    ]);
    await api.stores.sessions.markClosed(
      sessionId,
      { reason: 'Ada left.', bytesIn: 1, bytesOut: 1 },
      [],
    );
    expect(await seenBy('ada')).toEqual([]);
  });

  it.each([
    ['ada', true],
    ['olga', true],
    ['omar', true],
    ['pia', true],
    ['kim', true],
    ['sam', false],
    ['zoe', false],
    ['guest', false],
  ] as const)('shows it to %s: %s', async (person, isThere) => {
    await api.stores.sessions.markOpen(sessionId, 'replica-1', []);
    expect(await seenBy(person)).toEqual(isThere ? [sessionId] : []);
  });

  it('says whether there are more', async () => {
    await api.stores.sessions.markOpen(sessionId, 'replica-1', []);
    const { body } = await api.get('pia', '/sessions?limit=1');
    expect(body).not.toHaveProperty('nextCursor');
    const { body: next } = await api.get(
      'pia',
      `/sessions?limit=1&cursor=${sessionId}`,
    );
    expect(next.items).toEqual([]);
    expect((await api.get('pia', '/sessions?limit=0')).status).toBe(400);
  });
});
