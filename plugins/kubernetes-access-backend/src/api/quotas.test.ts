import type { KubernetesAccessOptions } from '../config';
import { aComponent, demoCatalog } from '../testUtils/catalog';
import { ENGINES } from '../testUtils/engines';
import { anAsk, NO_QUOTAS, TestApi } from '../testUtils/TestApi';

const MINUTE = 60_000;

describe.each(ENGINES)('what somebody may ask for again on %s', engine => {
  let api: TestApi;

  afterEach(() => api.stop());

  async function startWith(quotas: Partial<KubernetesAccessOptions['quotas']>) {
    api = await TestApi.start({
      engine,
      options: { quotas: { ...NO_QUOTAS, ...quotas } },
      entities: [
        ...demoCatalog(),
        aComponent('payments-db', 'payments', 'payments'),
      ],
    });
  }

  const askFor = (name: string, person: 'ada' | 'sam' = 'ada') =>
    api.post(
      person,
      '/requests',
      anAsk({ entityRef: `component:default/${name}` }),
    );

  async function denied(): Promise<string> {
    const { id, digest } = await api.ask();
    const response = await api.post('olga', `/requests/${id}/deny`, {
      digest,
      comment: 'Use staging.',
    });
    expect(response.status).toBe(200);
    return id;
  }

  it('is not what was denied to them a moment ago', async () => {
    await startWith({ pauseAfterDenialSeconds: 300 });
    await denied();
    const again = await askFor('payments-api');
    expect(again.status).toBe(409);
    expect(again.body.error.message).toMatch(
      /was denied\. You can ask again in 5 minutes/,
    );
    await api.clock.advance(5 * MINUTE);
    expect((await askFor('payments-api')).status).toBe(201);
  });

  it('tells when, with the request that was denied', async () => {
    await startWith({ pauseAfterDenialSeconds: 300 });
    const id = await denied();
    const read = async () => (await api.get('ada', `/requests/${id}`)).body;
    expect(await read()).toMatchObject({
      phase: 'Denied',
      askAgainAt: '2026-01-15T12:05:00.000Z',
    });
    await api.clock.advance(5 * MINUTE);
    expect(await read()).not.toHaveProperty('askAgainAt');
  });

  it('are other pods, and the same for somebody else', async () => {
    await startWith({ pauseAfterDenialSeconds: 300 });
    await denied();
    expect((await askFor('payments-db')).status).toBe(201);
    expect((await askFor('payments-api', 'sam')).status).toBe(201);
  });

  it('is what they withdrew by themselves', async () => {
    await startWith({ pauseAfterDenialSeconds: 300 });
    const { id } = await api.ask();
    await api.post('ada', `/requests/${id}/cancel`);
    expect((await askFor('payments-api')).status).toBe(201);
  });

  it('ends with so many requests within an hour, also when they were withdrawn', async () => {
    await startWith({ requestsPerHour: 2 });
    for (let count = 0; count < 2; count++) {
      const { id } = await api.ask();
      await api.post('ada', `/requests/${id}/cancel`);
      await api.clock.advance(10 * MINUTE);
    }
    const beyond = await askFor('payments-db');
    expect(beyond.status).toBe(409);
    expect(beyond.body.error.message).toMatch(
      /asked 2 times within an hour.*again in 40 minutes/,
    );
    expect((await askFor('payments-api', 'sam')).status).toBe(201);
    await api.clock.advance(40 * MINUTE);
    expect((await askFor('payments-db')).status).toBe(201);
  });

  it('has an end that many calls at once do not get past', async () => {
    await startWith({ requestsPerHour: 1 });
    const answers = await Promise.all([
      askFor('payments-api'),
      askFor('payments-db'),
    ]);
    expect(answers.map(({ status }) => status).sort()).toEqual([201, 409]);
  });
});
