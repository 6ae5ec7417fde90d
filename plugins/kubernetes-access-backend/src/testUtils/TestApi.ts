import { randomBytes } from 'node:crypto';
import type {
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
import { createRouter, RequestViews } from '../api';
import { ApprovalService, Directory, OwnerApprovers } from '../approvals';
import { RefusalTrail } from '../audit/RefusalTrail';
import type { KubernetesAccessOptions } from '../config';
import { readKubernetesAccessOptions } from '../config';
import { RequestEndings } from '../endings/RequestEndings';
import type { ClusterConnection, Clusters } from '../kubernetes';
import { RequestGate } from '../permissions';
import {
  CallerResolver,
  ClusterTargetPods,
  EntityAccessService,
  RequestService,
  TargetInspector,
} from '../requests';
import { demoCatalog } from './catalog';
import type { TestStores } from './database';
import { openTestStores } from './database';
import { FakeKubeClient } from './FakeKubeClient';
import { ManualClock } from './ManualClock';

/** Olga and Omar own what is asked for; see {@link demoCatalog}. */
export type Person = 'ada' | 'sam' | 'olga' | 'omar' | 'pia' | 'kim' | 'guest';

/** What a test can set differently. */
export interface TestApiOptions {
  entities?: Entity[];
  options?: Partial<KubernetesAccessOptions>;
  permissions?: PermissionsService;
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
  isClusterReady = true;

  static async start(options: TestApiOptions = {}): Promise<TestApi> {
    const clock = new ManualClock();
    return new TestApi(options, clock, await openTestStores({ clock }));
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
    }));
  }

  #router({ options: overrides, permissions }: TestApiOptions) {
    const options = {
      ...readKubernetesAccessOptions(mockServices.rootConfig()),
      admins: ['group:default/platform'],
      auditors: ['group:default/audit'],
      ...overrides,
    };
    const { requests: store, audit, sessions } = this.stores;
    const { defaults, excludedNamespaces, fallbackApprovers } = options;
    const auth = mockServices.auth();
    const catalog = this.#catalog();
    const clusters = this.#clusters();
    const gate = new RequestGate({
      permissions: permissions ?? mockServices.permissions(),
      admins: options.admins,
      auditors: options.auditors,
    });
    const mayCreate = gate.mayCreate.bind(gate);
    const directory = new Directory({ catalog, auth });
    const approvers = new OwnerApprovers({
      usersOf: refs => directory.usersOf(refs),
      fallbackApprovers,
      approvals: defaults.approvals,
    });
    const inspector = new TargetInspector({ ...options, clusters });
    const entities = new EntityAccessService({
      catalog,
      inspector,
      approvers,
      mayCreate,
      defaults,
      excludedNamespaces,
      fallbackApprovers,
    });
    const refusals = new RefusalTrail({ audit, clock: this.clock });
    const poke = (id: string) => {
      this.poked.push(id);
    };
    return createRouter({
      httpAuth: mockServices.httpAuth(),
      callers: new CallerResolver({
        userInfo: this.#userInfo(),
        withParents: refs => directory.withParents(refs),
      }),
      views: new RequestViews({
        store,
        sessions,
        gate,
        titleOf: () => 'Demo cluster',
      }),
      gate,
      entities,
      requests: new RequestService({
        entities,
        store,
        refusals,
        mayCreate,
        randomBytes,
        poke,
        defaults,
        maxOpenRequests: options.quotas.openRequestsPerUser,
      }),
      approvals: new ApprovalService({
        store,
        directory,
        entities,
        inspector,
        approvers,
        refusals,
        poke,
        defaults,
        excludedNamespaces,
      }),
      endings: new RequestEndings({ store }),
      pods: new ClusterTargetPods({ clusters }),
      sessions: {
        open: async ({ session }) => ({
          sessionId: 'session',
          ticket: `ticket for ${session.pod}`,
          expiresAt: new Date(this.clock.now()).toISOString(),
          path: '/sessions/session/ws',
        }),
      },
      validateResponses: true,
    });
  }

  /** What the entities say at the moment of the call. */
  #catalog(): CatalogService {
    const current = () => catalogServiceMock({ entities: this.entities });
    return catalogServiceMock.mock({
      getEntityByRef: ref => current().getEntityByRef(ref),
      getEntitiesByRefs: refs => current().getEntitiesByRefs(refs),
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
    const connection: ClusterConnection = {
      name: 'demo',
      title: 'Demo cluster',
      uid: 'cluster-uid',
      client: this.cluster,
      grantNamespace: 'kubernetes-access-grants',
      openExec: async () => {
        throw new Error('No terminals in this test');
      },
    };
    return {
      health: () => [
        {
          name: 'demo',
          title: 'Demo cluster',
          state: this.isClusterReady ? 'ready' : 'unreachable',
        },
      ],
      byName: () => connection,
      byUid: uid => (uid === connection.uid ? connection : undefined),
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
      spec: { containers: [{ name: 'api' }] },
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
