import { promises as fs } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import { kubectl } from '@kubernetes-access/dev-cluster';
import { CHART_FOLDER, helm, setValues } from './helm';
import { eventually } from './eventually';

type Where = Pick<Cluster, 'info'>;

export type Kubectl = (args: string[], input?: object) => Promise<string>;

/** The part of a kubeconfig that says where the cluster is. */
interface ClusterEntry {
  cluster: { server: string; 'certificate-authority-data': string };
}

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
    return this.withToken(await this.#token());
  }

  /** Writes a status as the back end does: by a patch that reads nothing first, as kubectl would. */
  async patchStatusAsBackEnd(name: string, status: object): Promise<void> {
    const [{ cluster }] = await this.#clusters();
    const answer = await patch(
      `${cluster.server}/apis/kubernetes-access.io/v1alpha1/accessrequests/${name}/status`,
      {
        token: await this.#token(),
        ca: Buffer.from(cluster['certificate-authority-data'], 'base64'),
        body: { status },
      },
    );
    if (answer.status !== 200) {
      throw new Error(answer.body);
    }
  }

  async #token(): Promise<string> {
    const token = await eventually('the cluster has filled in the token', () =>
      this.asAdmin([
        'get',
        'secret',
        'kubernetes-access-backend-token',
        `--namespace=${this.namespace}`,
        '--output=jsonpath={.data.token}',
      ]),
    );
    return Buffer.from(token, 'base64').toString('utf8');
  }

  /** What the holder of a token may do. */
  async withToken(token: string): Promise<Kubectl> {
    const [cluster] = await this.#clusters();
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

  async #clusters(): Promise<ClusterEntry[]> {
    return JSON.parse(
      await this.asAdmin(['config', 'view', '--raw', '--output=json']),
    ).clusters;
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

function patch(
  url: string,
  options: { token: string; ca: Buffer; body: object },
): Promise<{ status?: number; body: string }> {
  return new Promise((resolve, reject) => {
    const call = request(
      url,
      {
        method: 'PATCH',
        ca: options.ca,
        headers: {
          authorization: `Bearer ${options.token}`,
          'content-type': 'application/merge-patch+json',
        },
      },
      response => {
        const chunks: Buffer[] = [];
        response.on('data', chunk => chunks.push(chunk));
        response.on('error', reject);
        response.on('end', () =>
          resolve({
            status: response.statusCode,
            body: Buffer.concat(chunks).toString('utf8'),
          }),
        );
      },
    );
    call.on('error', reject);
    call.end(JSON.stringify(options.body));
  });
}

function kubectlOf(cluster: Where): Kubectl {
  return (args, input) =>
    kubectl(
      cluster,
      args,
      input === undefined ? {} : { input: JSON.stringify(input) },
    );
}
