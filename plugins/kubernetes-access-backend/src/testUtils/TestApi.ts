import type {
  HttpAuthService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import {
  mockCredentials,
  mockErrorHandler,
  mockServices,
} from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import express from 'express';
import request from 'supertest';
import type {
  AccessRequestDetail,
  CreateAccessRequest,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { RefusalTrail } from '../audit/RefusalTrail';
import type { KubernetesAccessOptions } from '../config';
import { readKubernetesAccessOptions } from '../config';
import type { ClusterOptions, RequestQuotas } from '../config/types';
import type { ClusterConnection, Clusters } from '../kubernetes';
import { SessionService } from '../sessions/SessionService';
import { createApi } from '../wiring/createApi';
import { demoCatalog } from './catalog';
import type { TestStores } from './database';
import { openTestStores } from './database';
import type { Engine } from './engines';
import { FakeKubeClient } from './FakeKubeClient';
import { ManualClock } from './ManualClock';
import { ManualContact } from './ManualContact';

/** Olga and Omar own what is asked for; see {@link demoCatalog}. Zoe is in no group, nor in the catalog. */
export type Person =
  | 'ada'
  | 'sam'
  | 'olga'
  | 'omar'
  | 'pia'
  | 'kim'
  | 'zoe'
  | 'guest';

const DEMO_CLUSTER: ClusterOptions = {
  name: 'demo',
  title: 'Demo cluster',
  credential: { kind: 'inCluster' },
  grantNamespace: 'kubernetes-access-grants',
};

/** As most tests have it, in which people ask again and again. */
export const NO_QUOTAS: RequestQuotas = {
  openRequestsPerUser: 10,
  requestsPerHour: 1000,
  pauseAfterDenialSeconds: 0,
};

/** What a test can set differently. */
export interface TestApiOptions {
  entities?: Entity[];
  options?: Partial<KubernetesAccessOptions>;
  permissions?: PermissionsService;
  engine?: Engine;
  /** When everybody's tokens expire. */
  signedInUntil?: Date;
  /** As of another replica that is already there. */
  stores?: TestStores;
}

/** The whole API over HTTP, on a real database, with a catalog and a cluster in memory. */
export class TestApi {
  readonly clock = new ManualClock();
  readonly cluster = new FakeKubeClient();
  /** The catalog: a test may change what is in it. */
  readonly entities: Entity[];
  readonly stores: TestStores;
  readonly app: express.Express;
  readonly poked: string[] = [];
  /** The refs of each question about entities, as they are asked for together. */
  readonly catalogQuestions: string[][] = [];
  readonly logger = mockServices.logger.mock();
  isClusterReady = true;
  /** What the catalog answers with instead of what is in it. */
  catalogError: Error | undefined;
  /** What tells the cluster from another one of its name. */
  clusterUid = 'cluster-uid';

  static async start(options: TestApiOptions = {}): Promise<TestApi> {
    const clock = new ManualClock();
    const stores =
      options.stores ??
      (await openTestStores({ clock, engine: options.engine }));
    return new TestApi(options, clock, stores);
  }

  private constructor(
    testOptions: TestApiOptions,
    clock: ManualClock,
    stores: TestStores,
  ) {
    this.clock = clock;
    this.stores = stores;
    this.entities = testOptions.entities ?? demoCatalog();
    this.app = express();
    this.app.use(this.#router(testOptions));
    this.app.use(mockErrorHandler());
    this.#fillCluster();
  }

  async stop(): Promise<void> {
    await this.stores.close();
  }

  get(person: Person, path: string) {
    return request(this.app)
      .get(path)
      .set('Authorization', mockCredentials.user.header(refOf(person)));
  }

  post(person: Person, path: string, body: object = {}) {
    return request(this.app)
      .post(path)
      .set('Authorization', mockCredentials.user.header(refOf(person)))
      .send(body);
  }

  /** Any call, with whatever headers. */
  call(
    method: string,
    path: string,
    { headers = {}, body }: { headers?: Record<string, string>; body?: object },
  ) {
    const call = request(this.app)
      [method.toLowerCase() as 'get' | 'post'](path)
      .set(headers);
    return body ? call.send(body) : call;
  }

  /** Ada asks for payments-api. */
  async ask(
    overrides: Partial<CreateAccessRequest> = {},
    person: Person = 'ada',
  ): Promise<AccessRequestDetail> {
    const response = await this.post(person, '/requests', anAsk(overrides));
    if (response.status !== 201) {
      throw new Error(`Cannot ask: ${response.body.error?.message}`);
    }
    return response.body;
  }

  /** Approves what has been asked. */
  approve(person: Person, { id, digest }: { id: string; digest: string }) {
    return this.post(person, `/requests/${id}/approve`, { digest });
  }

  /** Does what the controller does once a request is approved. */
  async grant(id: string): Promise<void> {
    await this.stores.requests.change(id, (current, now) => ({
      entries: [
        {
          kind: 'started',
          actor: 'system',
          startsAt: now.toISOString(),
          expiresAt: new Date(
            now.getTime() + current.terms.durationSeconds * 1000,
          ).toISOString(),
        },
      ],
      observed: { grantedAt: now.toISOString() },
      audit: [
        {
          eventId: 'grant-start',
          actor: 'system',
          outcome: 'succeeded',
          requestId: id,
          meta: {},
        },
      ],
    }));
  }

  #router({ options: overrides, permissions, signedInUntil }: TestApiOptions) {
    const defaults = readKubernetesAccessOptions(mockServices.rootConfig());
    const options = {
      ...defaults,
      admins: ['group:default/platform'],
      auditors: ['group:default/audit'],
      clusters: [DEMO_CLUSTER],
      excludedNamespaces: [
        ...defaults.excludedNamespaces,
        DEMO_CLUSTER.grantNamespace,
      ],
      quotas: NO_QUOTAS,
      ...overrides,
    };
    const { requests, sessions, recordings, reaps, replicas, audit, archive } =
      this.stores;
    const refusals = new RefusalTrail({ audit, clock: this.clock });
    const clusters = this.#clusters();
    return createApi({
      auth: mockServices.auth(),
      catalog: this.#catalog(),
      httpAuth: httpAuthUntil(signedInUntil),
      logger: this.logger,
      permissions: permissions ?? mockServices.permissions(),
      permissionsRegistry: mockServices.permissionsRegistry.mock(),
      userInfo: this.#userInfo(),
      stores: {
        requests,
        sessions,
        recordings,
        reaps,
        replicas,
        audit,
        archive,
        refusals,
        installationId: 'installation-1',
      },
      options,
      clusters,
      grants: {
        poke: id => {
          this.poked.push(id);
        },
        leaderOf: () => 'replica-1',
      },
      replica: 'replica-1',
      sessions: {
        opener: new SessionService({
          requests,
          sessions,
          clusters,
          grants: {
            token: async () => 'token',
            ensurePod: async () => {},
            forget: () => {},
          },
          authority: {
            judge: async () => undefined,
            knowsUser: async () => true,
          },
          contact: { problem: () => undefined },
          limits: options.sessions,
          recorded: true,
          replica: 'replica-1',
          refusals,
        }),
      },
      contact: new ManualContact(this.clock),
      clock: this.clock,
      validateResponses: true,
    });
  }

  /** What the entities say at the moment of the call. */
  #catalog(): CatalogService {
    const current = () => {
      if (this.catalogError) {
        throw this.catalogError;
      }
      return catalogServiceMock({ entities: this.entities });
    };
    return catalogServiceMock.mock({
      getEntityByRef: async ref => current().getEntityByRef(ref),
      getEntitiesByRefs: async refs => {
        this.catalogQuestions.push(refs.entityRefs);
        return current().getEntitiesByRefs(refs);
      },
    });
  }

  /** What sign-in would say: the user and the groups that the catalog has them in. */
  #userInfo(): UserInfoService {
    return {
      getUserInfo: async credentials => {
        const { userEntityRef } = credentials.principal as {
          userEntityRef: string;
        };
        const name = userEntityRef.split('/')[1];
        const user = this.entities.find(
          ({ kind, metadata }) => kind === 'User' && metadata.name === name,
        );
        const groups = user?.relations?.map(({ targetRef }) => targetRef) ?? [];
        return {
          userEntityRef,
          ownershipEntityRefs: [userEntityRef, ...groups],
        };
      },
    };
  }

  #clusters(): Clusters {
    const connection = (): ClusterConnection => ({
      name: 'demo',
      title: 'Demo cluster',
      uid: this.clusterUid,
      client: this.cluster,
      grantNamespace: 'kubernetes-access-grants',
      openExec: async () => {
        throw new Error('No terminals in this test');
      },
    });
    return {
      health: () => [
        {
          name: 'demo',
          title: 'Demo cluster',
          uid: this.clusterUid,
          state: this.isClusterReady ? 'ready' : 'unreachable',
        },
      ],
      byName: connection,
      byUid: uid => (uid === this.clusterUid ? connection() : undefined),
      suspend: () => {},
      onReady: () => () => {},
      start: () => {},
      stop: async () => {},
    };
  }

  #fillCluster(): void {
    this.putNamespace('payments', 'group:default/payments');
    this.putNamespace('storefront', 'group:default/storefront');
    this.cluster.put('/api/v1/namespaces/payments/pods', {
      metadata: {
        name: 'payments-api-1',
        namespace: 'payments',
        labels: { 'backstage.io/kubernetes-id': 'payments-api' },
      },
      spec: {
        containers: [{ name: 'api' }],
        initContainers: [{ name: 'init' }],
        ephemeralContainers: [{ name: 'debugger' }],
      },
      status: {
        phase: 'Running',
        containerStatuses: [
          {
            name: 'api',
            ready: true,
            restartCount: 0,
            containerID: 'containerd://api-1',
            state: { running: {} },
          },
        ],
        initContainerStatuses: [{ name: 'init', state: { terminated: {} } }],
        ephemeralContainerStatuses: [
          { name: 'debugger', state: { running: {} } },
        ],
      },
    });
  }

  /** A namespace that opens to owners. */
  putNamespace(name: string, owners: string): void {
    this.cluster.put('/api/v1/namespaces', {
      metadata: {
        name,
        annotations: { 'kubernetes-access.io/owners': owners },
      },
    });
  }
}

/** The body of a request for payments-api. */
export function anAsk(
  overrides: Partial<CreateAccessRequest> = {},
): CreateAccessRequest {
  return {
    entityRef: 'component:default/payments-api',
    accessLevel: 'exec',
    reason: 'The queue is stuck since the last deploy.',
    durationSeconds: 1800,
    ...overrides,
  };
}

function refOf(person: Person): string {
  return person === 'guest'
    ? 'user:development/guest'
    : `user:default/${person}`;
}

function httpAuthUntil(expiresAt: Date | undefined): HttpAuthService {
  const httpAuth = mockServices.httpAuth();
  return {
    credentials: async (req, options) => ({
      ...(await httpAuth.credentials(req, options)),
      ...(expiresAt ? { expiresAt } : {}),
    }),
    issueUserCookie: (res, options) => httpAuth.issueUserCookie(res, options),
  };
}
