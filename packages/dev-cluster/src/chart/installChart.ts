import { join } from 'node:path';
import { Cluster, Log } from '../Cluster';
import { repositoryFolder } from '../folders';
import { clientEnvironment, kubectl } from '../kubectl';
import { run } from '../process/run';
import { namespaceManifest } from '../samples/manifests';
import {
  isOwnNamespace,
  refuseForeignNamespaces,
} from '../samples/ownNamespaces';

export interface ChartOptions {
  valuesFiles?: string[];
  /** As with `helm --set`: a path in the values → a value. */
  sets?: Record<string, string>;
  log?: Log;
}

/** The release, the namespace that it is in and, with the suffix, the ServiceAccount of the back end. */
export const CHART_NAME = 'kubernetes-access';

const PATIENCE_MS = 120_000;

/** Installs or upgrades the chart of this repository. */
export async function installChart(
  cluster: Pick<Cluster, 'info'>,
  { valuesFiles = [], sets = {}, log = () => {} }: ChartOptions = {},
): Promise<void> {
  log('Installing the chart');
  await refuseForeignNamespaces(cluster, [CHART_NAME]);
  await kubectl(cluster, ['apply', '--server-side', '--filename=-'], {
    input: JSON.stringify(namespaceManifest({ name: CHART_NAME })),
  });
  await helm(cluster, [
    'upgrade',
    '--install',
    CHART_NAME,
    join(repositoryFolder, 'helm', CHART_NAME),
    `--namespace=${CHART_NAME}`,
    ...valuesFiles.map(file => `--values=${file}`),
    ...Object.entries(sets).map(([path, value]) => `--set=${path}=${value}`),
  ]);
}

/** Leaves a release alone that somebody else installed. */
export async function uninstallChart(
  cluster: Pick<Cluster, 'info'>,
): Promise<void> {
  if (!(await isOwnNamespace(cluster, CHART_NAME))) {
    return;
  }
  await helm(cluster, [
    'uninstall',
    CHART_NAME,
    `--namespace=${CHART_NAME}`,
    '--ignore-not-found',
  ]);
}

function helm(
  { info }: Pick<Cluster, 'info'>,
  args: readonly string[],
): Promise<string> {
  return run(info.helm, ['--kubeconfig', info.kubeconfig, ...args], {
    env: clientEnvironment(info.folder),
    timeoutMs: PATIENCE_MS,
  });
}
