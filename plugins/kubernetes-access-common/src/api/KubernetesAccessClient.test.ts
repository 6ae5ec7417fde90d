import { KubernetesAccessClient } from './KubernetesAccessClient';

function clientWith(answer: { status?: number; body: unknown }) {
  const calls: Array<{ url: string; init: RequestInit }> = [];
  const client = new KubernetesAccessClient({
    discoveryApi: {
      getBaseUrl: async pluginId => `https://backstage.test/api/${pluginId}`,
    },
    fetchApi: {
      fetch: async (url, init) => {
        calls.push({ url: String(url), init: init ?? {} });
        return new Response(JSON.stringify(answer.body), {
          status: answer.status ?? 200,
          headers: { 'Content-Type': 'application/json' },
        });
      },
    },
  });
  return { client, calls };
}

describe('KubernetesAccessClient', () => {
  it('asks for an entity by its three parts, filling in the default namespace', async () => {
    const { client, calls } = clientWith({ body: {} });
    await client.getEntityAccess('component:payments-api');
    expect(calls[0].url).toBe(
      'https://backstage.test/api/kubernetes-access/entities/component/default/payments-api/access',
    );
  });

  it('sends the idempotency key as a header', async () => {
    const { client, calls } = clientWith({ status: 201, body: { id: 'a' } });
    const request = {
      entityRef: 'component:default/payments-api',
      accessLevel: 'exec',
      reason: 'The queue is stuck',
      durationSeconds: 1800,
    } as const;
    await client.createRequest(request, { idempotencyKey: 'once' });
    expect(calls[0].init.method).toBe('POST');
    expect(calls[0].init.headers).toMatchObject({ 'Idempotency-Key': 'once' });
    expect(JSON.parse(String(calls[0].init.body))).toEqual(request);
  });

  it('leaves unset conditions out of the query', async () => {
    const { client, calls } = clientWith({ body: { items: [] } });
    await client.listRequests({
      scope: 'mine',
      open: false,
      cursor: undefined,
    });
    expect(calls[0].url).toMatch(/\/requests\?scope=mine&open=false$/);
  });

  it('keeps an id in its place in the path', async () => {
    const { client, calls } = clientWith({ body: {} });
    await client.getRequest('../counts');
    expect(calls[0].url).toMatch(/\/requests\/\.\.%2Fcounts$/);
  });

  it('rejects with what the back end says', async () => {
    const { client } = clientWith({
      status: 409,
      body: {
        error: { name: 'ConflictError', message: 'Olga has denied it' },
        response: { statusCode: 409 },
      },
    });
    await expect(
      client.approveRequest('a', { digest: 'sha256:1' }),
    ).rejects.toMatchObject({
      name: 'ResponseError',
      cause: { name: 'ConflictError', message: 'Olga has denied it' },
    });
  });

  it('gives the address of the WebSocket without the ticket in it', async () => {
    const { client } = clientWith({ body: {} });
    const url = await client.getSessionUrl({
      sessionId: 's',
      ticket: 'secret',
      expiresAt: '2026-01-01T00:00:00.000Z',
      path: '/sessions/s/ws',
    });
    expect(url).toBe(
      'wss://backstage.test/api/kubernetes-access/sessions/s/ws',
    );
  });
});
