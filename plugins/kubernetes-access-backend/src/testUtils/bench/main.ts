/**
 * The part of `npm run bench` that needs databases and controllers of its own. Its parent names the scenarios and gets
 * their figures as messages.
 */
import { parseArgs } from 'node:util';
import { RealCluster } from '../RealCluster';
import type { Engine } from '../engines';
import { ENGINES } from '../engines';
import type { Figure } from './Figure';
import { grants } from './grants';
import { lists } from './lists';
import { restart } from './restart';
import type { BenchCluster } from './StoredBackend';

const { values: options, positionals } = parseArgs({
  options: { quick: { type: 'boolean', default: false } },
  allowPositionals: true,
});

const few = (full: number, quick: number) => (options.quick ? quick : full);
const stored = few(10_000, 500);

const SCENARIOS: Record<
  string,
  (engine: Engine, cluster: BenchCluster) => Promise<Figure[]>
> = {
  grants: (engine, cluster) =>
    grants(engine, cluster, { atOnce: few(50, 10), rounds: few(5, 1) }),
  lists: (engine, cluster) =>
    lists(engine, cluster, { stored, rounds: few(50, 3) }),
  restart: (engine, cluster) =>
    restart(engine, cluster, { stored, rounds: few(5, 1) }),
};

async function main(): Promise<void> {
  const cluster = await RealCluster.connect();
  try {
    const uid = await cluster.kubectl([
      'get',
      'namespace',
      'kube-system',
      '--output=jsonpath={.metadata.uid}',
    ]);
    for (const name of positionals) {
      for (const engine of ENGINES) {
        const figures = await SCENARIOS[name](engine, {
          kubeconfig: cluster.kubeconfig,
          uid,
        });
        tell(figures);
      }
    }
  } finally {
    await cluster.close();
  }
}

function tell(figures: Figure[]): void {
  if (process.send) {
    // The transform that this runs with sends messages of its own.
    process.send({ figures });
  } else {
    console.log(figures);
  }
}

// Whoever started it wants nothing any more.
process.on('disconnect', () => process.exit(1));
main().then(
  () => process.exit(0),
  error => {
    console.error(error);
    process.exit(1);
  },
);
