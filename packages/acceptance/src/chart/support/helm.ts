import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import { parseAllDocuments } from 'yaml';

export const CHART_FOLDER = resolve(
  // eslint-disable-next-line no-restricted-syntax -- the package is never bundled: it runs from its sources
  __dirname,
  '../../../../../helm/kubernetes-access',
);

/** An object as the chart renders it; what a test looks at has a name, the rest is unknown. */
export interface Manifest {
  apiVersion: string;
  kind: string;
  metadata: {
    name: string;
    namespace?: string;
    labels?: Record<string, string>;
    annotations?: Record<string, string>;
  };
  rules?: Rule[];
  roleRef?: { kind: string; name: string };
  subjects?: Array<{ kind: string; name: string; namespace?: string }>;
  spec?: Record<string, unknown>;
  [more: string]: unknown;
}

export interface Rule {
  apiGroups: string[];
  resources: string[];
  resourceNames?: string[];
  verbs: string[];
}

type Where = Pick<Cluster, 'info'>;

/** Runs helm as the administrator of the cluster. */
export async function helm(
  { info }: Where,
  args: readonly string[],
): Promise<string> {
  const { stdout } = await promisify(execFile)(
    info.helm,
    ['--kubeconfig', info.kubeconfig, ...args],
    { maxBuffer: 16 * 1024 * 1024 },
  );
  return stdout;
}

/** Renders the chart with these values, `--set-json` style: a path → anything that JSON can say. */
export async function renderChart(
  cluster: Where,
  values: Record<string, unknown> = {},
  release = 'kubernetes-access',
): Promise<Manifest[]> {
  const output = await helm(cluster, [
    'template',
    release,
    CHART_FOLDER,
    '--namespace=kubernetes-access',
    '--kube-version=1.34.0',
    ...setValues(values),
  ]);
  return parseAllDocuments(output)
    .map(document => document.toJS() as Manifest | null)
    .filter((manifest): manifest is Manifest => manifest !== null);
}

export function setValues(values: Record<string, unknown>): string[] {
  return Object.entries(values).map(
    ([path, value]) => `--set-json=${path}=${JSON.stringify(value)}`,
  );
}
