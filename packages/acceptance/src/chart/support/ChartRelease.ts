import { promises as fs } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import { kubectl } from '@kubernetes-access/dev-cluster';
import { CHART_FOLDER, helm, setValues } from './helm';
import { eventually } from './eventually';

type Where = Pick<Cluster, 'info'>;

export type Kubectl = (args: string[], input?: object) => Promise<string>;

/** A release of the chart beside the one of the demo, in namespaces of its own. */
export class ChartRelease {
  readonly namespace: string;
  readonly grantNamespace: string;
  /** What the administrator of the cluster may do: everything. */
  readonly asAdmin: Kubectl;
  readonly #cluster: Where;
  readonly #name: string;
  readonly #namespaces: string[] = [];
  readonly #folders: string[] = [];

  constructor(cluster: Where, name: string) {
    this.#cluster = cluster;
    this.#name = name;
    this.namespace = name;
    this.grantNamespace = `${name}-grants`;
    this.asAdmin = kubectlOf(cluster);
  }

  async install(values: Record<string, unknown>): Promise<void> {
    await helm(this.#cluster, [
      'upgrade',
      '--install',
      this.#name,
      CHART_FOLDER,
      `--namespace=${this.namespace}`,
      '--create-namespace',
      ...setValues({
        'crd.create': false,
        'grantNamespace.name': this.grantNamespace,
        'serviceAccount.token.create': true,
        ...values,
      }),
    ]);
  }

  async makeNamespace(name: string): Promise<void> {
    this.#namespaces.push(name);
    await this.asAdmin(['create', 'namespace', name]);
    await eventually(`the namespace ${name} has its ServiceAccount`, () =>
      this.asAdmin(['get', 'serviceaccount', 'default', '-n', name]),
    );
  }

  /** What the back end may do, by the very credential that the chart makes for it. */
  async asBackEnd(): Promise<Kubectl> {
    const token = await eventually('the cluster has filled in the token', () =>
      this.asAdmin([
        'get',
        'secret',
        'kubernetes-access-backend-token',
        `--namespace=${this.namespace}`,
        '--output=jsonpath={.data.token}',
      ]),
    );
    return this.withToken(Buffer.from(token, 'base64').toString('utf8'));
  }

  /** What the holder of a token may do. */
  async withToken(token: string): Promise<Kubectl> {
    const admin: { clusters: object[] } = JSON.parse(
      await this.asAdmin(['config', 'view', '--raw', '--output=json']),
    );
    const [cluster] = admin.clusters;
    const folder = await fs.mkdtemp(join(tmpdir(), 'kubernetes-access-'));
    this.#folders.push(folder);
    const kubeconfig = join(folder, 'kubeconfig.json');
    await fs.writeFile(
      kubeconfig,
      JSON.stringify({
        apiVersion: 'v1',
        kind: 'Config',
        'current-context': 'it',
        clusters: [{ ...cluster, name: 'it' }],
        contexts: [{ name: 'it', context: { cluster: 'it', user: 'it' } }],
        users: [{ name: 'it', user: { token } }],
      }),
      { mode: 0o600 },
    );
    return kubectlOf({ info: { ...this.#cluster.info, kubeconfig } });
  }

  async remove(): Promise<void> {
    await helm(this.#cluster, [
      'uninstall',
      this.#name,
      `--namespace=${this.namespace}`,
      '--ignore-not-found',
      '--wait',
    ]);
    await this.asAdmin([
      'delete',
      'namespaces',
      '--ignore-not-found',
      '--wait=false',
      this.namespace,
      ...this.#namespaces,
    ]);
    await Promise.all(
      this.#folders.map(folder => fs.rm(folder, { recursive: true })),
    );
  }
}

function kubectlOf(cluster: Where): Kubectl {
  return (args, input) =>
    kubectl(
      cluster,
      args,
      input === undefined ? {} : { input: JSON.stringify(input) },
    );
}
