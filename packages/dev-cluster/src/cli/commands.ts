import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { backendKubeconfig } from '../chart/backendKubeconfig';
import { installChart } from '../chart/installChart';
import { Cluster } from '../Cluster';
import { deploySamples } from '../samples/deploySamples';
import { SAMPLE_NAMESPACES } from '../samples/workloads';
import {
  loadCluster,
  startCluster,
  StartClusterOptions,
  stopCluster,
} from '../startCluster';
import { ensureSystemPackages } from '../system/systemPackages';
import { interruption } from './interruption';

const USAGE = `Usage: dev-cluster <command> [--name <name>]

  up          start the cluster, or say that it is running
  down        stop it and remove everything that belongs to it
  status      whether it runs and answers
  kubeconfig  print the path of the administrator's kubeconfig
  samples     deploy the sample workloads of the demo
  chart       install the chart and print the path of the back end's kubeconfig
              (--values <file> and --set <path>=<value>, both repeatable; without either, for the namespaces of the samples)
  packages    install the named system packages where they are missing

up takes a cluster of your own with --context <context> [--kubeconfig <file>] [--image <image>];
without, it starts one on this machine, with an audit log where --audit-log is given, and without a node where --no-node is.`;

const OPTIONS = {
  name: { type: 'string', default: 'dev' },
  kubeconfig: { type: 'string' },
  context: { type: 'string' },
  image: { type: 'string' },
  'audit-log': { type: 'boolean' },
  'no-node': { type: 'boolean' },
  values: { type: 'string', multiple: true },
  set: { type: 'string', multiple: true },
  help: { type: 'boolean', short: 'h' },
} as const;

const FOR_SAMPLES = {
  targetNamespaces: `{${SAMPLE_NAMESPACES.map(({ name }) => name).join(',')}}`,
};

type Values = ReturnType<typeof read>['values'];

// Progress goes where it does not mix with what a command prints.
const log = (line: string) => {
  process.stderr.write(`${line}\n`);
};
const print = (line: string) => {
  process.stdout.write(`${line}\n`);
};

const commands: Record<
  string,
  (values: Values, rest: string[]) => Promise<void>
> = {
  up: async values => {
    const { info } = await startCluster({
      ...startOptions(values),
      signal: interruption(),
    });
    print(join(info.folder, 'cluster.json'));
  },
  down: async ({ name }) => {
    await stopCluster(name, log);
    log(`The cluster '${name}' is stopped`);
  },
  status: async ({ name }) => {
    const { info } = await running(name);
    print(`The cluster '${name}' (${info.provider}) answers`);
  },
  kubeconfig: async ({ name }) => {
    print((await running(name)).info.kubeconfig);
  },
  samples: async ({ name }) => {
    await deploySamples(await running(name), log);
  },
  chart: async ({ name, values: valuesFiles, set = [] }) => {
    const cluster = await running(name);
    const sets = valuesFiles || set.length > 0 ? assignments(set) : FOR_SAMPLES;
    await installChart(cluster, { valuesFiles, sets, log });
    print(await backendKubeconfig(cluster));
  },
  packages: async (_, names) => {
    await ensureSystemPackages(names, log);
  },
};

export async function act(args: string[]): Promise<void> {
  const { values, positionals } = read(args);
  const [name, ...rest] = positionals;
  const command = commands[name];
  if (values.help || !command) {
    log(USAGE);
    process.exitCode = values.help ? 0 : 2;
    return;
  }
  await command(values, rest);
}

function read(args: string[]) {
  return parseArgs({ args, options: OPTIONS, allowPositionals: true });
}

function startOptions(values: Values): StartClusterOptions {
  const { name, context, kubeconfig, image } = values;
  if (context) {
    return { name, log, provider: 'external', context, kubeconfig, image };
  }
  if (kubeconfig || image) {
    throw new Error('--kubeconfig and --image need --context');
  }
  return {
    name,
    log,
    auditLog: values['audit-log'],
    withoutNode: values['no-node'],
  };
}

async function running(name: string): Promise<Cluster> {
  const cluster = await loadCluster(name);
  if (!cluster) {
    throw new Error(
      `the cluster '${name}' does not run: start it with \`dev-cluster up --name ${name}\``,
    );
  }
  return cluster;
}

function assignments(sets: string[]): Record<string, string> {
  return Object.fromEntries(
    sets.map(set => {
      const [path, ...value] = set.split('=');
      return [path, value.join('=')];
    }),
  );
}
