import type { AddressInfo } from 'node:net';
import { mockCredentials } from '@backstage/backend-test-utils';
import {
  KubernetesAccessClient,
  RECORDING_CHECK,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { anAsk, TestApi } from '../../testUtils/TestApi';
import { openApiDocument } from './document';

/** Every operation by its id, with a pattern of its path. */
const operations = Object.entries(openApiDocument.paths).flatMap(
  ([path, methods]) =>
    Object.entries(methods).map(([method, { operationId }]) => ({
      operationId,
      method: method.toLocaleUpperCase('en-US'),
      pattern: new RegExp(`^${path.replace(/\{[^}]+\}/g, '[^/]+')}$`),
    })),
);

describe('the typed client', () => {
  let api: TestApi;
  let baseUrl: string;
  let close: () => void;
  const called = new Set<string>();

  /** The client of a person; what it calls is noted. The API itself holds every call and answer to the document. */
  function clientOf(name: string) {
    return new KubernetesAccessClient({
      discoveryApi: { getBaseUrl: async () => baseUrl },
      fetchApi: {
        fetch: async (input, init) => {
          const { pathname } = new URL(String(input));
          const method = init?.method ?? 'GET';
          const operation = operations.find(
            one => one.method === method && one.pattern.test(pathname),
          );
          called.add(operation?.operationId ?? `${method} ${pathname}`);
          return fetch(input, {
            ...init,
            headers: {
              ...init?.headers,
              Authorization: mockCredentials.user.header(
                `user:default/${name}`,
              ),
            },
          });
        },
      },
    });
  }

  beforeAll(async () => {
    api = await TestApi.start();
    const server = api.app.listen(0, '127.0.0.1');
    await new Promise(resolve => server.once('listening', resolve));
    baseUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    close = () => server.close();
  });

  afterAll(async () => {
    close();
    await api.stop();
  });

  it('tells the story of an access, in the words of the document', async () => {
    const [ada, olga, pia] = ['ada', 'olga', 'pia'].map(clientOf);

    const asked = await ada.createRequest(anAsk(), { idempotencyKey: 'once' });
    const access = await ada.getEntityAccess(asked.entityRef);
    expect(access.requests).toMatchObject([{ id: asked.id }]);
    expect(await olga.getCounts()).toEqual({ toDecide: 1, mine: 0 });

    const { items } = await olga.listRequests({
      scope: 'to-decide',
      entityRef: asked.entityRef,
      open: true,
      limit: 10,
    });
    expect(await olga.reviewRequest(asked.id)).toMatchObject({ pods: 1 });
    await olga.approveRequest(asked.id, {
      digest: items[0].digest,
      comment: 'Go ahead.',
    });
    await api.grant(asked.id);

    const [pod] = await ada.listPods(asked.id);
    const ticket = await ada.openSession(asked.id, {
      namespace: pod.namespace,
      pod: pod.name,
      container: pod.containers[0].name,
      columns: 80,
      rows: 24,
    });
    expect(await ada.getSessionUrl(ticket)).toMatch(/^ws:.*\/ws$/);
    await api.stores.sessions.markOpen(ticket.sessionId, 'replica-1', []);
    expect((await olga.listLiveSessions()).items).toMatchObject([
      { session: { id: ticket.sessionId }, request: { id: asked.id } },
    ]);
    expect(await pia.listClusters()).toMatchObject([
      { name: 'demo', state: 'ready', leader: { isThisReplica: true } },
    ]);

    const [header] = await collect(
      ada.readRecording(asked.id, ticket.sessionId),
    );
    expect(JSON.parse(header)).toMatchObject({
      version: 2,
      width: 80,
      [RECORDING_CHECK]: { session: ticket.sessionId, state: 'whole' },
    });

    await pia.revokeRequest(asked.id, { comment: 'Incident is over.' });
    expect(await ada.getRequest(asked.id)).toMatchObject({
      phase: 'Revoked',
      timeline: [
        { kind: 'asked' },
        { kind: 'decided', comment: 'Go ahead.' },
        { kind: 'started' },
        { kind: 'granted' },
        { kind: 'session-opened' },
        { kind: 'ended', reason: 'revoked' },
      ],
    });

    const second = await ada.createRequest(anAsk());
    await olga.denyRequest(second.id, {
      digest: second.digest,
      comment: 'Use staging.',
    });
    const third = await ada.createRequest(anAsk());
    await ada.cancelRequest(third.id);

    const events = [];
    for await (const event of pia.exportAuditEvents({ chain: third.id })) {
      events.push(event.eventId);
    }
    expect(events).toEqual(['request-create', 'request-end']);
    for await (const segment of pia.exportAuditSegments()) {
      throw new Error(`Nothing was recorded, but there is ${segment.session}`);
    }
    expect(await pia.verifyAudit()).toMatchObject({ sound: true });
  });

  it('rejects with words for people', async () => {
    await expect(
      clientOf('sam').getRequest('01kf0000000000000000000000'),
    ).rejects.toMatchObject({
      name: 'ResponseError',
      cause: { name: 'NotFoundError' },
    });
  });

  it('knows every operation of the document and no other', () => {
    expect([...called].sort()).toEqual(
      operations.map(({ operationId }) => operationId).sort(),
    );
  });

  it('can be written by others too: the document is served', async () => {
    const { status, body } = await api.get('ada', '/openapi.json');
    expect(status).toBe(200);
    expect(Object.keys(body.paths)).toEqual(Object.keys(openApiDocument.paths));
  });

  it('has a method for each operation, of the same name', () => {
    const client = clientOf('ada');
    for (const { operationId } of operations) {
      expect(client).toHaveProperty(operationId, expect.any(Function));
    }
  });
});

async function collect<T>(items: AsyncIterable<T>): Promise<T[]> {
  const collected: T[] = [];
  for await (const item of items) {
    collected.push(item);
  }
  return collected;
}
