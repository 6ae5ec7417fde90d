import { randomUUID } from 'node:crypto';
import { SystemClock } from '../../controller';
import { openDatabase } from '../../database';
import { ClusterGrantController } from '../../grants';
import { buildGrant } from '../../grants/buildGrant';
import type { ClusterConnection } from '../../kubernetes';
import { ConfiguredClusters } from '../../kubernetes';
import { openTestStores } from '../database';
import type { Engine } from '../engines';
import { createTestDatabase } from '../engines';
import { BareGrants } from './BareGrants';
import type { Figure } from './Figure';
import { OURS, percentile } from './Figure';
import { People } from './People';
import { quietLogger } from './quietLogger';
import type { BenchCluster } from './StoredBackend';

const GRANT_NAMESPACE = 'kubernetes-access-grants';

/**
 * How many grants a second stand after many decisions at once, beside a bare client that does the same writes over the
 * same connection and with the same rights, eight grants at a time as well, in turns.
 */
export async function grants(
  engine: Engine,
  { kubeconfig }: BenchCluster,
  options: { atOnce: number; rounds: number },
): Promise<Figure[]> {
  const clock = new SystemClock();
  const logger = quietLogger();
  const installationId = randomUUID();
  const database = await createTestDatabase(engine);
  const knex = await openDatabase({
    getClient: async () => database.connect(),
  });
  const stores = await openTestStores({ clock, knex, installationId, logger });
  const clusters = new ConfiguredClusters({
    clusters: [
      {
        name: 'test',
        title: 'Test',
        credential: { kind: 'kubeconfig', file: kubeconfig },
        grantNamespace: GRANT_NAMESPACE,
      },
    ],
    clock,
    logger,
  });
  const controller = new ClusterGrantController({
    clusters,
    store: stores.requests,
    changes: stores.requests,
    replica: stores.replica,
    audit: stores.audit,
    installationId,
    clock,
    logger,
  });
  const isReady = new Promise<ClusterConnection>(resolve => {
    clusters.onReady(resolve);
  });
  controller.start();
  clusters.start();
  const connection = await isReady;
  const people = new People(stores, connection);
  const bare = new BareGrants(connection.client);
  const samples: Record<string, number[]> = { [OURS]: [], 'bare client': [] };
  try {
    for (let round = 0; round < options.rounds; round++) {
      const requests = await people.ask(options.atOnce);
      samples[OURS].push(rateOf(requests, await people.approve(requests)));
      await people.end(requests);
      // Asked for and never approved: the cluster lets nobody make a grant that belongs to no request.
      const others = await people.ask(options.atOnce);
      const objects = others.map(request =>
        buildGrant({
          request,
          resourceUid: request.observed.resourceUid ?? '',
          podNames: new Map([['payments', ['bench-0', 'bench-1']]]),
          grantNamespace: GRANT_NAMESPACE,
          // So that the controller does not see it.
          installationId: randomUUID(),
        }),
      );
      samples['bare client'].push(rateOf(objects, await bare.make(objects)));
      await bare.remove(objects);
      await people.end(others);
    }
  } finally {
    await controller.stop();
    await clusters.stop();
    await stores.close();
    await database.close();
  }
  return Object.entries(samples).map(([contender, rates]) => ({
    scenario: `grants, ${options.atOnce} at once (${engine})`,
    measure: 'median',
    unit: 'per second',
    contender,
    value: percentile(rates, 0.5),
  }));
}

function rateOf(things: unknown[], tookMs: number): number {
  return (things.length / tookMs) * 1000;
}
