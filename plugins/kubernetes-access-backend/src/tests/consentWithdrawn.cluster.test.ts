import { randomBytes, randomUUID } from 'node:crypto';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import {
  CLOSE_CODES,
  OWNERS_ANNOTATION,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RefusalTrail } from '../audit';
import { readKubernetesAccessOptions } from '../config';
import type { Clock } from '../controller';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import { ClusterGrantController } from '../grants';
import type { ClusterConnection, ConfiguredClusters } from '../kubernetes';
import { createRequestId } from '../requests/requestId';
import type { Sessions } from '../sessions';
import { createSessions } from '../sessions';
import { RECHECK_MS } from '../sessions/SessionGuard';
import { aComponent } from '../testUtils/catalog';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualContact } from '../testUtils/ManualContact';
import { eventually, RealCluster } from '../testUtils/RealCluster';
import { aNewRequest } from '../testUtils/requests';
import type { FakeBrowser } from '../testUtils/SessionHost';
import {
  actAsTerminal,
  BASE_PATH,
  ORIGIN,
  screenOf,
  SessionHost,
  type,
} from '../testUtils/SessionHost';
import { createAuthority } from '../wiring/createAuthority';

/** Names nobody as its owner, unless a test does. */
const NAMESPACE = 'legacy';
const system = new SystemClock();
/** What is looked at each minute is looked at twice a second. */
const hasty: Clock = {
  now: () => system.now(),
  monotonic: () => system.monotonic(),
  schedule: (delayMs, task) =>
    system.schedule(delayMs === RECHECK_MS ? 500 : delayMs, task),
};

jest.setTimeout(90_000);

describe('the consent of a namespace in a real cluster', () => {
  const app = `consent-${randomUUID().slice(0, 8)}`;
  const logger = mockServices.logger.mock();
  let cluster: RealCluster;
  let clusters: ConfiguredClusters;
  let connection: ClusterConnection;
  let stores: TestStores;
  let controller: ClusterGrantController;
  let sessions: Sessions;
  let host: SessionHost;

  beforeAll(async () => {
    cluster = await RealCluster.connect();
    await cluster.apply(aPod(app, cluster.cluster.info.images.shell));
    await setOwners('group:default/payments');
    clusters = cluster.clusters();
    stores = await openTestStores({
      clock: system,
      installationId: randomUUID(),
    });
    controller = new ClusterGrantController({
      clusters,
      store: stores.requests,
      changes: stores.requests,
      replica: randomUUID(),
      audit: stores.audit,
      installationId: stores.installationId,
      clock: system,
      logger,
    });
    const options = {
      ...readKubernetesAccessOptions(mockServices.rootConfig()),
      sessions: {
        maxPerUser: 10,
        maxPerRequest: 10,
        idleSeconds: 600,
        allowedOrigins: [ORIGIN],
      },
    };
    sessions = createSessions({
      ...stores,
      refusals: new RefusalTrail({ audit: stores.audit, clock: system }),
      clusters,
      grants: controller,
      contact: new ManualContact(system),
      authority: createAuthority({
        auth: mockServices.auth(),
        catalog: catalogServiceMock({
          entities: [aComponent(app, NAMESPACE, 'payments')],
        }),
        permissions: mockServices.permissions(),
        clusters,
        options,
        clock: hasty,
      }),
      options,
      clock: hasty,
      logger,
      replica: randomUUID(),
      version: '1.2.3',
      basePath: BASE_PATH,
    });
    controller.start();
    await sessions.start();
    host = await SessionHost.start(sessions.router);
    connection = await cluster.ready(clusters);
    await cluster.kubectl([
      'wait',
      'pod',
      app,
      `--namespace=${NAMESPACE}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
  });

  afterAll(async () => {
    try {
      await cluster?.kubectl([
        'delete',
        'pod',
        app,
        `--namespace=${NAMESPACE}`,
        '--wait=false',
      ]);
      await setOwners(undefined);
    } finally {
      await sessions?.stop();
      await host?.close();
      await controller?.stop();
      await clusters?.stop();
      await stores?.close();
      await cluster?.close();
    }
  });

  it('ends open terminals when it is withdrawn, says why, and lets no new one open', async () => {
    const request = await granted();
    const browser = await openShell(request);
    type(browser, 'echo $((6*7))\r');
    await eventually(() => expect(screenOf(browser)).toMatch(/\r\n42\r\n/));

    await setOwners(undefined);
    await eventually(() => expect(browser.seen.closed).toBeDefined(), 30_000);
    expect(browser.seen.closed?.code).toBe(CLOSE_CODES.notAllowed);
    expect(browser.seen.message('ending')).toEqual({
      type: 'ending',
      reason: 'notAllowed',
      message: expect.stringContaining(
        `The namespace ${NAMESPACE} does not name group:default/payments as an owner`,
      ),
    });
    await expect(open(request)).rejects.toThrow(/does not name/);

    await endAndTakeBack(request);
  });

  /** Who may open the namespace to others, by the word of the cluster's people. */
  async function setOwners(owners: string | undefined): Promise<void> {
    await cluster.kubectl([
      'annotate',
      'namespace',
      NAMESPACE,
      owners ? `${OWNERS_ANNOTATION}=${owners}` : `${OWNERS_ANNOTATION}-`,
      '--overwrite',
    ]);
  }

  async function granted(): Promise<StoredRequest> {
    const { id } = await stores.requests.create(
      aNewRequest({
        id: createRequestId(Date.now(), randomBytes(10)),
        clusterName: connection.name,
        terms: {
          entityRef: `component:default/${app}`,
          clusterUid: connection.uid,
          targets: [{ namespace: NAMESPACE, podSelector: `app=${app}` }],
        },
      }),
    );
    await stores.requests.change(id, ({ digest }) => ({
      entries: [
        {
          kind: 'decided',
          actor: 'user:default/olga',
          verdict: 'approve',
          digest,
        },
      ],
    }));
    return eventually(async () => {
      const now = (await stores.requests.get(id)) as StoredRequest;
      expect(now.observed.grantedAt).toBeDefined();
      return now;
    });
  }

  function open(request: StoredRequest) {
    return sessions.opener.open({
      caller: {
        userRef: request.requester,
        ownershipRefs: [request.requester],
        credentials: mockCredentials.user(request.requester),
      },
      request,
      session: {
        namespace: NAMESPACE,
        pod: app,
        container: 'app',
        columns: 80,
        rows: 24,
      },
    });
  }

  async function openShell(request: StoredRequest): Promise<FakeBrowser> {
    const browser = await host.connect(await open(request));
    actAsTerminal(browser);
    await eventually(() => expect(screenOf(browser)).toMatch(/[#$] /));
    return browser;
  }

  async function endAndTakeBack({ id, requester }: StoredRequest) {
    await stores.requests.change(id, () => ({
      entries: [{ kind: 'ended', actor: requester, reason: 'cancelled' }],
    }));
    await eventually(async () => {
      const now = await stores.requests.get(id);
      expect(now?.observed.removal.state).toBe('removed');
    });
  }
});

function aPod(name: string, image: string) {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace: NAMESPACE, labels: { app: name } },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      containers: [
        {
          name: 'app',
          image,
          imagePullPolicy: 'IfNotPresent',
          command: ['sleep', '86400'],
        },
      ],
    },
  };
}
