import type { KubeObject } from '../kubernetes';
import { TestApi } from '../testUtils/TestApi';

const PODS = '/api/v1/namespaces/payments/pods';

describe('the review of a request', () => {
  let api: TestApi;

  beforeEach(async () => {
    api = await TestApi.start();
  });

  afterEach(async () => {
    await api.stop();
  });

  const review = (id: string) => api.get('olga', `/requests/${id}/review`);

  /** Puts a second pod beside the one that is there. */
  function aSecondPod(spec: object) {
    api.cluster.put(PODS, {
      metadata: {
        name: 'payments-api-2',
        namespace: 'payments',
        labels: { 'backstage.io/kubernetes-id': 'payments-api' },
      },
      spec,
    } as KubeObject);
  }

  it('tells how many pods it would reach, and what is special about them', async () => {
    aSecondPod({
      hostNetwork: true,
      containers: [{ name: 'api', securityContext: { runAsUser: 0 } }],
    });
    const { id } = await api.ask();

    const { body } = await review(id);

    expect(body).toMatchObject({ pods: 2, earlier: [] });
    expect(body.traits).toEqual(
      expect.arrayContaining(['host-network', 'root']),
    );
  });

  it('tells what its requester asked for here before, newest first, and nobody else', async () => {
    const first = await api.ask();
    await api.post('ada', `/requests/${first.id}/cancel`);
    await api.clock.advance(60_000);
    const second = await api.ask();
    await api.post('olga', `/requests/${second.id}/deny`, {
      digest: second.digest,
      comment: 'Use staging.',
    });
    await api.ask({}, 'sam');
    await api.clock.advance(60_000);
    const { id } = await api.ask();

    const { body } = await review(id);

    expect(body.earlier).toMatchObject([
      { id: second.id, phase: 'Denied' },
      { id: first.id, phase: 'Cancelled' },
    ]);
  });

  it('does without the pods of a cluster that is away', async () => {
    const { id } = await api.ask();
    api.clusterUid = 'another';

    const { status, body } = await review(id);

    expect(status).toBe(200);
    expect(body).toEqual({ traits: [], earlier: [] });
  });
});
