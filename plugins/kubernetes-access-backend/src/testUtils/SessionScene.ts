import { randomBytes, randomUUID } from 'node:crypto';
import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type {
  OpenSession,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RefusalTrail } from '../audit';
import type { KubernetesAccessOptions } from '../config';
import { readKubernetesAccessOptions } from '../config';
import type { Clock } from '../controller';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import { RequestEndings, StreamCutter } from '../endings';
import { ClusterGrantController } from '../grants';
import type { ConfiguredClusters } from '../kubernetes';
import { createRequestId } from '../requests/requestId';
import type { SessionAuthority, Sessions } from '../sessions';
import { createSessions } from '../sessions';
import type { TestStores } from './database';
import { openTestStores } from './database';
import { ManualContact } from './ManualContact';
import { aPod } from './pods';
import { eventually, RealCluster } from './RealCluster';
import { anApproval, aNewRequest } from './requests';
import type { FakeBrowser } from './SessionHost';
import {
  actAsTerminal,
  BASE_PATH,
  ORIGIN,
  screenOf,
  SessionHost,
} from './SessionHost';
import { TestAuthority } from './TestAuthority';

interface SceneOptions {
  namespace: string;
  /** What sessions go by; the system's unless a test is in a hurry. */
  clock?: Clock;
  /** Who may go on; everybody unless told otherwise. */
  authority?: (scene: {
    app: string;
    clusters: ConfiguredClusters;
    options: KubernetesAccessOptions;
  }) => SessionAuthority;
}

/**
 * Pods in a real cluster, and people with shells in them: a back end without its API, with the rights of the chart.
 */
export class SessionScene {
  /** The label of all pods, by which requests select them. */
  readonly app = `sessions-${randomUUID().slice(0, 8)}`;
  readonly namespace: string;
  readonly sessions: Sessions;
  readonly #clusters: ConfiguredClusters;
  readonly #controller: ClusterGrantController;
  readonly #cutter: StreamCutter;
  readonly #made: StoredRequest[] = [];
  #host: SessionHost | undefined;

  static async set(options: SceneOptions): Promise<SessionScene> {
    const scene = new SessionScene(
      options,
      await RealCluster.connect(),
      await openTestStores({
        clock: new SystemClock(),
        installationId: randomUUID(),
      }),
    );
    await scene.#start();
    return scene;
  }

  private constructor(
    { namespace, clock, authority }: SceneOptions,
    readonly cluster: RealCluster,
    readonly stores: TestStores,
  ) {
    this.namespace = namespace;
    const system = new SystemClock();
    const clusters = cluster.clusters();
    const common = {
      replica: randomUUID(),
      logger: mockServices.logger.mock(),
      clusters,
    };
    this.#clusters = clusters;
    this.#controller = new ClusterGrantController({
      ...common,
      store: stores.requests,
      changes: stores.requests,
      audit: stores.audit,
      installationId: stores.installationId,
      clock: system,
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
    this.sessions = createSessions({
      ...common,
      ...stores,
      refusals: new RefusalTrail({ audit: stores.audit, clock: system }),
      grants: this.#controller,
      contact: new ManualContact(system),
      authority:
        authority?.({ app: this.app, clusters, options }) ??
        new TestAuthority(),
      options,
      clock: clock ?? system,
      version: '1.2.3',
      basePath: BASE_PATH,
    });
    this.#cutter = new StreamCutter({
      ...common,
      changes: stores.requests,
      store: stores.requests,
      sessions: this.sessions.live,
      tokens: this.#controller,
      clock: system,
    });
  }

  async #start(): Promise<void> {
    this.#cutter.start();
    this.#controller.start();
    await this.sessions.start();
    this.#host = await SessionHost.start(this.sessions.router);
    await this.cluster.ready(this.#clusters);
  }

  /** Makes a pod and returns its name. It is ready once {@link SessionScene.untilReady} says so. */
  async addPod(
    suffix: string,
    image: string,
    container?: object,
  ): Promise<string> {
    const { app, namespace } = this;
    const name = `${app}-${suffix}`;
    await this.cluster.apply(aPod({ name, namespace, app, image, container }));
    return name;
  }

  async deletePod(name: string): Promise<void> {
    await this.cluster.kubectl([
      'delete',
      'pod',
      name,
      `--namespace=${this.namespace}`,
      '--wait=false',
    ]);
  }

  async untilReady(...pods: string[]): Promise<void> {
    await this.cluster.kubectl([
      'wait',
      'pod',
      ...pods,
      `--namespace=${this.namespace}`,
      '--for=condition=Ready',
      '--timeout=60s',
    ]);
  }

  /** A request whose grant stands. */
  async granted(): Promise<StoredRequest> {
    const { requests } = this.stores;
    const { name, uid } = this.#clusters.byName('test');
    const request = await requests.create(
      aNewRequest({
        id: createRequestId(Date.now(), randomBytes(10)),
        clusterName: name,
        terms: {
          entityRef: `component:default/${this.app}`,
          // So that nobody has an open request for the same already.
          requester: `user:default/ada-${this.#made.length}`,
          clusterUid: uid,
          targets: [
            { namespace: this.namespace, podSelector: `app=${this.app}` },
          ],
        },
      }),
    );
    this.#made.push(request);
    await requests.change(request.id, current => ({
      entries: [anApproval(current)],
    }));
    return eventually(async () => {
      const now = (await requests.get(request.id)) as StoredRequest;
      expect(now.observed.grantedAt).toBeDefined();
      return now;
    });
  }

  async revoke({ id }: StoredRequest): Promise<void> {
    await new RequestEndings({ store: this.stores.requests }).end(id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
  }

  /** Asks for a terminal as the requester. */
  async ticket(
    request: StoredRequest,
    place: Pick<OpenSession, 'pod'>,
  ): Promise<SessionTicket> {
    return this.sessions.opener.open({
      caller: {
        userRef: request.requester,
        ownershipRefs: [request.requester],
        credentials: mockCredentials.user(request.requester),
      },
      request,
      session: {
        namespace: this.namespace,
        container: 'app',
        columns: 80,
        rows: 24,
        ...place,
      },
    });
  }

  async openTerminal(
    request: StoredRequest,
    place: Pick<OpenSession, 'pod'>,
  ): Promise<FakeBrowser & { id: string }> {
    const ticket = await this.ticket(request, place);
    const browser = await this.#host!.connect(ticket);
    actAsTerminal(browser);
    return { ...browser, id: ticket.sessionId };
  }

  /** A terminal whose shell has asked for input; shells throw away what is typed before. */
  async openShell(
    request: StoredRequest,
    place: Pick<OpenSession, 'pod'>,
  ): Promise<FakeBrowser & { id: string }> {
    const browser = await this.openTerminal(request, place);
    await this.shows(browser, /[#$] /);
    return browser;
  }

  async shows(browser: FakeBrowser, text: RegExp): Promise<void> {
    await eventually(() => expect(screenOf(browser)).toMatch(text));
  }

  /** Takes everything back. */
  async clear(): Promise<void> {
    try {
      await this.cluster.kubectl([
        'delete',
        'pods',
        `--namespace=${this.namespace}`,
        `--selector=app=${this.app}`,
        '--wait=false',
      ]);
      await Promise.all(this.#made.map(request => this.#takeBack(request)));
    } finally {
      await this.sessions.stop();
      await this.#host?.close();
      this.#cutter.stop();
      await this.#controller.stop();
      await this.#clusters.stop();
      await this.stores.close();
      await this.cluster.close();
    }
  }

  async #takeBack({ id, requester }: StoredRequest): Promise<void> {
    const { requests } = this.stores;
    await new RequestEndings({ store: requests })
      .end(id, { reason: 'cancelled', actor: requester })
      .catch(() => 'has ended already');
    await eventually(async () => {
      const { observed } = (await requests.get(id)) as StoredRequest;
      if (observed.removal.state !== 'removed') {
        throw new Error(`The grant of ${id} is not gone yet`);
      }
    });
  }
}
