import { randomUUID } from 'node:crypto';
import {
  coreServices,
  createBackendPlugin,
} from '@backstage/backend-plugin-api';
import { metricsServiceRef } from '@backstage/backend-plugin-api/alpha';
import { catalogServiceRef } from '@backstage/plugin-catalog-node';
import { notificationService } from '@backstage/plugin-notifications-node';
import { signalsServiceRef } from '@backstage/plugin-signals-node';
import { DisplayNames } from './approvals';
import { AuditorMirror } from './audit/AuditorMirror';
import { HeadReporter } from './audit/HeadReporter';
import { readKubernetesAccessOptions } from './config';
import { SystemClock } from './controller';
import {
  AbandonedSessions,
  ReapWorker,
  SessionReaper,
  StreamCutter,
  Sweeper,
} from './endings';
import { ClusterGrantController } from './grants';
import { ConfiguredClusters } from './kubernetes';
import { AccessMetrics, ClusterMetrics, DatabaseMetrics } from './metrics';
import { RequestAnnouncer } from './notifications';
import { Watches } from './recordings';
import { createSessions } from './sessions';
import { createApi } from './wiring/createApi';
import { createAuthority } from './wiring/createAuthority';
import { openStores } from './wiring/openStores';
import { RunningParts } from './wiring/RunningParts';
import { PLUGIN_VERSION } from './wiring/version';

/** Where Backstage mounts the plugin's router; a browser's WebSocket is told apart from other plugins' by it. */
const BASE_PATH = '/api/kubernetes-access';

/**
 * The back-end plugin of Kubernetes Access: the API, the controllers that make and take back grants, and the gateway
 * of the terminals.
 *
 * @public
 */
export const kubernetesAccessPlugin = createBackendPlugin({
  pluginId: 'kubernetes-access',
  register(env) {
    env.registerInit({
      deps: {
        auditor: coreServices.auditor,
        auth: coreServices.auth,
        catalog: catalogServiceRef,
        config: coreServices.rootConfig,
        database: coreServices.database,
        httpAuth: coreServices.httpAuth,
        httpRouter: coreServices.httpRouter,
        lifecycle: coreServices.lifecycle,
        logger: coreServices.logger,
        metrics: metricsServiceRef,
        notifications: notificationService,
        permissions: coreServices.permissions,
        permissionsRegistry: coreServices.permissionsRegistry,
        signals: signalsServiceRef,
        userInfo: coreServices.userInfo,
      },
      async init(deps) {
        const { httpRouter, lifecycle, logger } = deps;
        const options = readKubernetesAccessOptions(deps.config);
        const clock = new SystemClock();
        const replica = randomUUID();
        const stores = await openStores({ ...deps, clock, options, replica });
        const { audit, contact, feed, installationId } = stores;
        const store = stores.requests;
        const clusters = new ConfiguredClusters({
          clusters: options.clusters,
          clock,
          logger,
        });

        const watches = new Watches({ clock });
        const names = new DisplayNames({ ...deps, clock });

        const grants = new ClusterGrantController({
          clusters,
          store,
          changes: feed,
          audit,
          installationId,
          replica,
          clock,
          logger,
        });
        const reaping = new ReapWorker({
          queue: stores.reaps,
          reaper: new SessionReaper({
            clusters,
            clock,
            version: PLUGIN_VERSION,
          }),
          store,
          clusters,
          replica,
          clock,
          logger,
        });
        const sessions = createSessions({
          ...stores,
          clusters,
          grants,
          contact,
          authority: createAuthority({ ...deps, clusters, options, clock }),
          options,
          clock,
          logger,
          replica,
          version: PLUGIN_VERSION,
          basePath: BASE_PATH,
          onClosed: session => reaping.reap(session),
        });
        const metrics = new AccessMetrics({
          metrics: deps.metrics,
          store,
          sessions: sessions.live,
        });
        grants.onReconcileError(cluster => metrics.reconcileFailed(cluster));

        httpRouter.use(sessions.router);
        httpRouter.use(
          createApi({
            ...deps,
            stores,
            options,
            clusters,
            grants,
            replica,
            sessions,
            contact,
            names,
            watches,
            clock,
          }),
        );
        // A browser cannot send a token with a WebSocket; whoever opens one shows a ticket instead.
        httpRouter.addAuthPolicy({
          path: '/sessions/:id/ws',
          allow: 'unauthenticated',
        });

        const cutter = new StreamCutter({
          changes: feed,
          store,
          sessions: sessions.live,
          tokens: grants,
          names,
          clock,
          logger,
        });
        const running = new RunningParts(logger);
        // What comes first stops last: the streams end while there is still a database to say so to.
        running.add('heartbeat', contact);
        running.add('changes', feed);
        running.add('clusters', clusters);
        // After the sessions have stopped, it sees to what they leave behind.
        running.add('processes of ended sessions', reaping);
        running.add(
          'sessions of dead replicas',
          new AbandonedSessions({ sessions: stores.sessions, clock, logger }),
        );
        // Hears of an end before everybody else does.
        running.add('stream cutter', cutter);
        running.add(
          'sweeper',
          new Sweeper({
            leadership: grants,
            store,
            audit,
            installationId,
            clock,
            logger,
          }),
        );
        running.add('grants', grants);
        running.addStarter('metrics', metrics);
        running.addStarter(
          'metrics of clusters',
          new ClusterMetrics({ ...deps, clusters, leadership: grants }),
        );
        running.addStarter(
          'metrics of the database',
          new DatabaseMetrics({ ...deps, contact, clock }),
        );
        running.addStarter(
          'auditor',
          new AuditorMirror({ store, audit, auditor: deps.auditor, logger }),
        );
        running.add(
          'heads of the audit trail',
          new HeadReporter({ ...deps, audit, clock }),
        );
        running.addStarter(
          'announcer',
          new RequestAnnouncer({ ...deps, store, names, clock }),
        );
        running.addStarter('watches', { start: () => () => watches.stop() });
        running.add('sessions', sessions);
        lifecycle.addShutdownHook(() => running.stop());
        await running.start();

        if (options.clusters.length === 0) {
          logger.info(
            'No cluster is configured, so there is nothing to ask access to: add one to kubernetesAccess.clusters',
          );
        }
      },
    });
  },
});
