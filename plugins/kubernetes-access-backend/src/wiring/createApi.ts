import { randomBytes } from 'node:crypto';
import { hostname } from 'node:os';
import type {
  AuthService,
  HttpAuthService,
  LoggerService,
  PermissionsRegistryService,
  PermissionsService,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import type { CatalogService } from '@backstage/plugin-catalog-node';
import type { Router } from 'express';
import {
  ClusterViews,
  createRouter,
  LiveSessionViews,
  RequestViews,
} from '../api';
import { ApprovalService, Directory, OwnerApprovers } from '../approvals';
import type { KubernetesAccessOptions } from '../config';
import type { Clock } from '../controller';
import type { DatabaseContact } from '../database';
import { RequestEndings } from '../endings';
import type { GrantController } from '../grants';
import type { Clusters } from '../kubernetes';
import { registerPermissions, RequestGate } from '../permissions';
import { RecordingReader, Watches } from '../recordings';
import type { Caller, Names } from '../requests';
import {
  CallerResolver,
  ClusterTargetPods,
  EntityAccessService,
  PLAIN_NAMES,
  RequestService,
  TargetInspector,
} from '../requests';
import type { Sessions } from '../sessions';
import type { Stores } from './openStores';

/** Puts together what asks, decides and ends, behind the routes of the API. */
export function createApi(input: {
  auth: AuthService;
  catalog: CatalogService;
  httpAuth: HttpAuthService;
  logger: LoggerService;
  permissions: PermissionsService;
  permissionsRegistry: PermissionsRegistryService;
  userInfo: UserInfoService;
  stores: Stores;
  options: KubernetesAccessOptions;
  clusters: Clusters;
  grants: Pick<GrantController, 'poke'> & {
    leaderOf(cluster: string): string | undefined;
  };
  /** The id of this process. */
  replica: string;
  sessions: Pick<Sessions, 'opener'>;
  contact: DatabaseContact;
  /** Whoever looks at sessions while they are open; missing in tests that stop without them. */
  watches?: Watches;
  /** How people are called; by their refs where it is missing. */
  names?: Names;
  clock: Clock;
  /** Also holds the answers against the document; for tests. */
  validateResponses?: boolean;
}): Router {
  const { catalog, clusters, names = PLAIN_NAMES, options, stores } = input;
  const { requests: store, refusals } = stores;
  const { defaults, excludedNamespaces, fallbackApprovers } = options;
  registerPermissions(input.permissionsRegistry, store);

  const gate = new RequestGate({
    permissions: input.permissions,
    admins: options.admins,
    auditors: options.auditors,
    approversReadRecordings: options.recording.approversMayPlay,
  });
  const mayCreate = (caller: Caller, entityRef: string) =>
    gate.mayCreate(caller, entityRef);
  const poke = (requestId: string) => input.grants.poke(requestId);

  const directory = new Directory({ catalog, auth: input.auth });
  const approvers = new OwnerApprovers({
    usersOf: refs => directory.usersOf(refs),
    fallbackApprovers,
    approvals: defaults.approvals,
  });
  const inspector = new TargetInspector({
    clusters,
    targets: options.targets,
    targetTrust: options.targetTrust,
  });
  const entities = new EntityAccessService({
    catalog,
    inspector,
    approvers,
    mayCreate,
    defaults,
    excludedNamespaces,
    fallbackApprovers,
  });

  const views = new RequestViews({
    store,
    sessions: stores.sessions,
    reaps: stores.reaps,
    gate,
    titleOf: name =>
      options.clusters.find(cluster => cluster.name === name)?.title ?? name,
    quotas: options.quotas,
  });

  return createRouter({
    httpAuth: input.httpAuth,
    gate,
    entities,
    callers: new CallerResolver({
      userInfo: input.userInfo,
      withParents: refs => directory.withParents(refs),
    }),
    views,
    liveSessions: new LiveSessionViews({
      sessions: stores.sessions,
      views,
      gate,
    }),
    clusterViews: new ClusterViews({
      clusters,
      store,
      replicas: stores.replicas,
      leaderOf: name => input.grants.leaderOf(name),
      namespacesOf: name =>
        options.targets
          .filter(({ cluster }) => cluster === name)
          .flatMap(({ namespaces }) => namespaces),
      replica: input.replica,
      host: hostname(),
      clock: input.clock,
    }),
    requests: new RequestService({
      entities,
      store,
      refusals,
      mayCreate,
      mayUse: (caller, request) => gate.mayUse(caller, request),
      randomBytes,
      poke,
      defaults,
      quotas: options.quotas,
    }),
    approvals: new ApprovalService({
      store,
      directory,
      entities,
      inspector,
      approvers,
      refusals,
      names,
      defaults,
      excludedNamespaces,
    }),
    names,
    endings: new RequestEndings({ store }),
    pods: new ClusterTargetPods({ clusters }),
    sessions: input.sessions.opener,
    sessionStore: stores.sessions,
    recordings: new RecordingReader({
      store: stores.recordings,
      archive: stores.archive,
    }),
    watches: input.watches ?? new Watches(input),
    excludedNamespaces,
    audit: stores.audit,
    archive: stores.archive,
    refusals,
    store,
    contact: input.contact,
    clock: input.clock,
    logger: input.logger,
    validateResponses: input.validateResponses,
  });
}
