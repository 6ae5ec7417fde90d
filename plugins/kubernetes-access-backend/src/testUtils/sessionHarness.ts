import { mockCredentials, mockServices } from '@backstage/backend-test-utils';
import type {
  OpenSession,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Knex } from 'knex';
import type { WebSocket } from 'ws';
import { RefusalTrail } from '../audit/RefusalTrail';
import type { StoredRequest } from '../database/types';
import type {
  ClusterConnection,
  Clusters,
  ExecRequest,
  Pod,
} from '../kubernetes';
import { podsPath } from '../kubernetes';
import type { CreateSessionsOptions, Sessions } from '../sessions';
import { createSessions } from '../sessions';
import { openTestStores } from './database';
import { FakeKubeClient } from './FakeKubeClient';
import { ManualClock } from './ManualClock';
import { ManualContact } from './ManualContact';
import { anApproval, aNewRequest, termsOf } from './requests';
import { BASE_PATH, ORIGIN, SessionHost } from './SessionHost';
import { openSocketPair, SocketLog, type SocketPair } from './sockets';
import { TestAuthority } from './TestAuthority';

export const PLACE: OpenSession = {
  namespace: 'payments',
  pod: 'payments-api-1',
  container: 'app',
  columns: 80,
  rows: 24,
};

/** A pod of payments-api with a running container. */
export function aPod(name: string = PLACE.pod, containerID = 'c://1'): Pod {
  return {
    metadata: {
      name,
      namespace: 'payments',
      labels: { 'backstage.io/kubernetes-id': 'payments-api' },
    },
    status: {
      phase: 'Running',
      containerStatuses: [
        {
          name: 'app',
          ready: true,
          restartCount: 0,
          containerID,
          state: { running: {} },
        },
      ],
    },
  };
}

/** An exec stream as the cluster has it. */
export interface FakeExec {
  request: ExecRequest;
  /** The cluster's end. */
  socket: WebSocket;
  arrived: SocketLog;
}

/** A process of the back end, as far as sessions go. */
export interface Replica {
  sessions: Sessions;
  contact: ManualContact;
  host: SessionHost;
  connect: SessionHost['connect'];
  close(): Promise<void>;
}

/** Sessions on real stores, a real HTTP server and real WebSockets, before a cluster that is made up. */
export async function openSessionHarness(
  options: {
    maxPerUser?: number;
    maxPerRequest?: number;
    /** The database; one of its own by default. */
    knex?: Knex;
  } = {},
) {
  const clock = new ManualClock();
  const stores = await openTestStores({ clock, knex: options.knex });
  const client = new FakeKubeClient();
  const logger = mockServices.logger.mock();
  const execs: FakeExec[] = [];
  const forgotten: string[] = [];
  const pairs: SocketPair[] = [];
  const cluster = {
    /** What happens instead of opening a stream, once for each. */
    refusals: [] as Error[],
    ready: true,
    ensured: [] as string[],
    /** Runs after a stream has been opened, before the back end has it. */
    beforeOpen: async () => {},
  };

  const connection: ClusterConnection = {
    name: 'demo',
    title: 'Demo',
    uid: termsOf().clusterUid,
    client,
    grantNamespace: 'kubernetes-access-grants',
    openExec: async request => {
      const refusal = cluster.refusals.shift();
      if (refusal) {
        throw refusal;
      }
      const pair = await openSocketPair();
      pairs.push(pair);
      pair.client.pause();
      execs.push({
        request,
        socket: pair.server,
        arrived: new SocketLog(pair.server),
      });
      await cluster.beforeOpen();
      return pair.client;
    },
  };
  const clusters: Clusters = {
    health: () => [],
    byName: () => connection,
    byUid: uid =>
      cluster.ready && uid === connection.uid ? connection : undefined,
    suspend: () => {},
    onReady: () => () => {},
    start: () => {},
    stop: async () => {},
  };
  const authority = new TestAuthority();
  const grants = {
    token: async (request: StoredRequest) => `token of ${request.id}`,
    ensurePod: async (_: StoredRequest, namespace: string, pod: string) => {
      cluster.ensured.push(`${namespace}/${pod}`);
    },
    forget: (requestId: string) => {
      forgotten.push(requestId);
    },
  };
  const replicas: Replica[] = [];

  /** A process of its own, on the same stores or on what stands in for some of them. */
  async function startReplica(
    name: string,
    own: Partial<CreateSessionsOptions> = {},
  ): Promise<Replica> {
    const contact = new ManualContact(clock);
    const sessions = createSessions({
      ...stores,
      refusals: new RefusalTrail({ audit: stores.audit, clock }),
      clusters,
      contact,
      authority,
      grants,
      options: {
        sessions: {
          maxPerUser: options.maxPerUser ?? 10,
          maxPerRequest: options.maxPerRequest ?? 10,
          idleSeconds: 1800,
          allowedOrigins: [ORIGIN],
        },
        recording: { enabled: true, maxBytesPerSession: 1024 * 1024 },
      },
      clock,
      logger,
      replica: name,
      version: '1.2.3',
      basePath: BASE_PATH,
      ...own,
    });
    await sessions.start();
    const host = await SessionHost.start(sessions.router);
    const replica = {
      sessions,
      contact,
      host,
      connect: host.connect.bind(host),
      async close() {
        await sessions.stop();
        await host.close();
      },
    };
    replicas.push(replica);
    return replica;
  }

  const { sessions, contact, host, connect } = await startReplica('replica-1');
  client.put(podsPath('payments'), aPod());

  return {
    clock,
    stores,
    client,
    logger,
    execs,
    forgotten,
    cluster,
    connection,
    authority,
    contact,
    sessions,
    host,
    startReplica,

    /** A request of Ada's that olga approved and whose grant stands. */
    async activeRequest(terms: { requester?: string } = {}) {
      const { id } = await stores.requests.create(aNewRequest({ terms }));
      await stores.requests.change(id, current => ({
        entries: [anApproval(current)],
      }));
      return stores.requests.change(id, (_, now) => ({
        entries: [
          {
            kind: 'started',
            actor: 'system',
            startsAt: now.toISOString(),
            expiresAt: new Date(now.getTime() + 3_600_000).toISOString(),
          },
        ],
        observed: { grantedAt: now.toISOString() },
      }));
    },

    /** Commits the end of a request, and nothing else. */
    async commitEnd(request: StoredRequest) {
      await stores.requests.change(request.id, () => ({
        entries: [
          { kind: 'ended', actor: 'user:default/olga', reason: 'revoked' },
        ],
      }));
    },

    async ticketFor(
      request: StoredRequest,
      session: Partial<OpenSession> = {},
      userRef: string = request.requester,
    ): Promise<SessionTicket> {
      return sessions.opener.open({
        caller: {
          userRef,
          ownershipRefs: [userRef],
          credentials: mockCredentials.user(userRef),
        },
        request,
        session: { ...PLACE, ...session },
      });
    },

    connect,

    async close(): Promise<void> {
      await Promise.all(replicas.map(replica => replica.close()));
      await Promise.all(pairs.map(pair => pair.close()));
      await stores.close();
    },
  };
}
