import { randomBytes } from 'node:crypto';
import type {
  AccessRequestResource,
  AccessRequestSpec,
  AccessRequestStatus,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { ACCESS_REQUEST_CRD_NAME } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cluster } from '@kubernetes-access/dev-cluster';
import { installChart, kubectl } from '@kubernetes-access/dev-cluster';

/** A spec that the API server takes, with some of it changed; `undefined` leaves a field out. */
export function aSpec(
  changes: { [Field in keyof AccessRequestSpec]?: unknown } = {},
): Record<string, unknown> {
  return {
    requester: 'user:default/ada',
    entityRef: 'component:default/payments-api',
    targets: [{ namespace: 'payments', podSelector: 'app=payments-api' }],
    accessLevel: 'exec',
    reason: 'A payment is stuck and I want to see the queue',
    duration: '3600s',
    policy: { name: 'default', approvals: 1 },
    digest: `sha256:${'0123456789abcdef'.repeat(4)}`,
    ...changes,
  };
}

/** AccessRequests as the administrator of the cluster makes and changes them; remembers what it made. */
export class AccessRequests {
  readonly #cluster: Pick<Cluster, 'info'>;
  readonly #made: string[] = [];

  private constructor(cluster: Pick<Cluster, 'info'>) {
    this.#cluster = cluster;
  }

  /** Installs the chart where nobody has done so yet. */
  static async in(cluster: Pick<Cluster, 'info'>): Promise<AccessRequests> {
    const existing = await kubectl(cluster, [
      'get',
      'customresourcedefinitions',
      ACCESS_REQUEST_CRD_NAME,
      '--ignore-not-found',
      '--output=name',
    ]);
    if (!existing.trim()) {
      await installChart(cluster);
    }
    return new AccessRequests(cluster);
  }

  /** Makes one with this spec and, through the subresource, this status. Returns its name. */
  async make(
    spec: Record<string, unknown> = aSpec(),
    status?: AccessRequestStatus,
  ): Promise<string> {
    const name = `ar-chart-${randomBytes(6).toString('hex')}`;
    await this.#kubectl(['create', '--filename=-'], {
      apiVersion: 'kubernetes-access.io/v1alpha1',
      kind: 'AccessRequest',
      metadata: { name },
      spec,
    });
    this.#made.push(name);
    if (status) {
      await this.mergeStatus(name, status);
    }
    return name;
  }

  async read(name: string): Promise<AccessRequestResource> {
    return JSON.parse(
      await this.#kubectl(['get', 'accessrequest', name, '--output=json']),
    );
  }

  /** Changes the status by a merge patch, in which `null` removes. */
  async mergeStatus(name: string, status: object | null): Promise<void> {
    await this.#patch(name, 'merge', { status }, ['--subresource=status']);
  }

  /** Changes the status by a JSON patch. */
  async patchStatus(name: string, operations: object[]): Promise<void> {
    await this.#patch(name, 'json', operations, ['--subresource=status']);
  }

  /** Writes the whole status by PUT. */
  async putStatus(name: string, status?: object): Promise<void> {
    const { status: _, ...resource } = await this.read(name);
    await this.#kubectl(
      ['replace', '--subresource=status', '--filename=-'],
      status ? { ...resource, status } : resource,
    );
  }

  async mergeSpec(name: string, spec: object): Promise<void> {
    await this.#patch(name, 'merge', { spec });
  }

  /** The names of those that a field selector finds. */
  async select(selector: string): Promise<string[]> {
    const output = await this.#kubectl([
      'get',
      'accessrequests',
      `--field-selector=${selector}`,
      '--output=name',
    ]);
    return output
      .split('\n')
      .filter(Boolean)
      .map(line => line.split('/')[1]);
  }

  /** What people see. */
  async table(name: string, ...options: string[]): Promise<string> {
    return this.#kubectl(['get', 'kareq', name, ...options]);
  }

  async removeAll(): Promise<void> {
    if (this.#made.length > 0) {
      await this.#kubectl(['delete', 'accessrequests', ...this.#made]);
    }
  }

  async #patch(
    name: string,
    type: 'merge' | 'json',
    patch: object,
    options: string[] = [],
  ): Promise<void> {
    await this.#kubectl([
      'patch',
      'accessrequest',
      name,
      `--type=${type}`,
      `--patch=${JSON.stringify(patch)}`,
      ...options,
    ]);
  }

  #kubectl(args: string[], input?: object): Promise<string> {
    return kubectl(
      this.#cluster,
      args,
      input && { input: JSON.stringify(input) },
    );
  }
}
