import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type {
  AccessRequestDetail,
  AuditVerification,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Entity } from '@backstage/catalog-model';
import type { Engine, TestDatabase } from '../engines';
import { createTestDatabase } from '../engines';
import { eventually, RealCluster } from '../RealCluster';
import type { TestTerminal } from '../TestTerminal';
import type { AccessApi } from './AccessApi';
import { ApiRefusal } from './AccessApi';
import { CommitProxy } from './CommitProxy';
import { FaultProxy } from './FaultProxy';
import { Observer } from './Observer';
import { ReplicaProcess } from './ReplicaProcess';

/** How long a back end may take to be there again and to have put everything right. Generous: tests share the machine. */
const SETTLED_MS = 60_000;

export interface StageOptions {
  engine?: Engine;
  replicas?: number;
  /** More of `kubernetesAccess` in app-config. */
  kubernetesAccess?: Record<string, unknown>;
  /** Further clusters of `kubernetesAccess.clusters`. */
  clusters?: Array<Record<string, unknown>>;
  /** What the catalog has beside the demo's people and components. */
  entities?: Entity[];
}

/**
 * A real cluster behind a proxy that does harm, back ends that can be killed, their database, and somebody who watches
 * all of it.
 */
export class ChaosStage {
  static async start(options: StageOptions = {}): Promise<ChaosStage> {
    const cluster = await RealCluster.connect();
    const proxy = await FaultProxy.start(cluster.kubeconfig);
    const folder = await mkdtemp(join(tmpdir(), 'ka-chaos-'));
    const kubeconfig = await proxy.writeKubeconfig(join(folder, 'kubeconfig'));
    const database = await createTestDatabase(options.engine ?? 'sqlite');
    const commits =
      options.engine === 'postgres'
        ? await CommitProxy.start(
            database.config.connection as { host: string; port: number },
          )
        : undefined;
    const stage = new ChaosStage(
      {
        cluster,
        proxy,
        folder,
        database,
        commits,
        entities: options.entities ?? [],
      },
      {
        ...options.kubernetesAccess,
        clusters: [
          { name: 'test', title: 'Test', kubeconfig: { file: kubeconfig } },
          ...(options.clusters ?? []),
        ],
      },
    );
    for (let i = 0; i < (options.replicas ?? 1); i++) {
      await stage.startReplica();
    }
    stage.observer = await Observer.start(cluster, database.config);
    await stage.reachable();
    return stage;
  }

  readonly cluster: RealCluster;
  readonly proxy: FaultProxy;
  readonly database: TestDatabase;
  /** Where the database is PostgreSQL. */
  readonly commits: CommitProxy | undefined;
  observer!: Observer;
  readonly #folder: string;
  readonly #entities: Entity[];
  readonly #kubernetesAccess: Record<string, unknown>;
  #replicas: ReplicaProcess[] = [];
  #spare = ReplicaProcess.load();
  /** What was wrong at the moment of a crash. */
  #violations: string[] = [];
  /** What replicas printed that are no more. */
  #logs: string[] = [];

  private constructor(
    parts: {
      cluster: RealCluster;
      proxy: FaultProxy;
      folder: string;
      database: TestDatabase;
      commits: CommitProxy | undefined;
      entities: Entity[];
    },
    kubernetesAccess: Record<string, unknown>,
  ) {
    this.cluster = parts.cluster;
    this.proxy = parts.proxy;
    this.database = parts.database;
    this.commits = parts.commits;
    this.#folder = parts.folder;
    this.#entities = parts.entities;
    this.#kubernetesAccess = {
      defaults: { minDuration: '1s' },
      admins: ['group:default/platform'],
      quotas: {
        openRequestsPerUser: 50,
        requestsPerHour: 100_000,
        pauseAfterDenial: '0s',
      },
      audit: {
        keys: [{ id: 'test', secret: 'a secret for the tests, long enough' }],
      },
      ...kubernetesAccess,
    };
  }

  get replicas(): ReplicaProcess[] {
    return [...this.#replicas];
  }

  /** Of the replica that is there; of any of several. */
  get api(): AccessApi {
    const [first] = this.#replicas;
    if (!first) {
      throw new Error('no back end runs');
    }
    return first.api;
  }

  /** What all back ends printed so far. */
  get log(): string {
    return [...this.#logs, ...this.#replicas.map(({ log }) => log)].join('');
  }

  async startReplica(
    options: { clockOffsetMs?: number } = {},
  ): Promise<ReplicaProcess> {
    const replica = this.#spare;
    this.#spare = ReplicaProcess.load();
    await replica.start({
      kubernetesAccess: this.#kubernetesAccess,
      database: this.#databaseConfig(),
      entities: this.#entities,
      ...options,
    });
    this.#replicas.push(replica);
    return replica;
  }

  /** Ends a replica between two instructions. */
  async kill(replica: ReplicaProcess = this.#replicas[0]): Promise<void> {
    this.#replicas = this.#replicas.filter(other => other !== replica);
    await replica.kill();
    this.#logs.push(replica.log);
  }

  /**
   * Ends a replica between two instructions; the next one comes at once, and it is as if the time had passed that
   * others wait before they take a replica for dead.
   */
  async crash(
    replica: ReplicaProcess = this.#replicas[0],
    next: { clockOffsetMs?: number } = {},
  ): Promise<void> {
    await this.kill(replica);
    this.#violations.push(...(await this.observer.violations()));
    await this.observer.forget(replica.pid);
    await this.startReplica(next);
  }

  /** Ends a replica in order. */
  async stop(replica: ReplicaProcess = this.#replicas[0]): Promise<void> {
    this.#replicas = this.#replicas.filter(other => other !== replica);
    await replica.stop();
    this.#logs.push(replica.log);
  }

  /** Waits until access can be asked for, i.e. until the cluster is reached. */
  async reachable(): Promise<void> {
    await eventually(async () => {
      const { body } = await this.api.get<{
        targets: Array<{ pods: unknown[]; problem?: unknown }>;
      }>('ada', '/entities/component/default/payments-api/access');
      expect(body.targets[0].problem).toBeUndefined();
      expect(body.targets[0].pods).not.toEqual([]);
    }, SETTLED_MS);
  }

  /** Does what people do when the page says that the back end is away: they try again. */
  async persevere<T>(attempt: () => Promise<T>): Promise<T> {
    let mistake: unknown;
    const result = await eventually(async () => {
      try {
        return await attempt();
      } catch (error) {
        if (error instanceof ApiRefusal && error.status === 400) {
          mistake = error;
          return undefined;
        }
        throw error;
      }
    }, SETTLED_MS);
    if (mistake) {
      throw mistake;
    }
    return result as T;
  }

  /** Ada asks, whatever breaks meanwhile. */
  async ask(durationSeconds: number = 600): Promise<AccessRequestDetail> {
    return this.persevere(async () => {
      const open = await this.openRequest();
      return open ?? this.api.ask('ada', { durationSeconds, cluster: 'test' });
    });
  }

  /** The owner approves, whatever breaks meanwhile. */
  async approve(asked: AccessRequestDetail): Promise<void> {
    await this.persevere(async () => {
      const { phase } = await this.api.see('olga', asked.id);
      if (phase === 'Pending') {
        await this.api.decide('olga', 'approve', asked);
      }
    });
  }

  async active(durationSeconds?: number): Promise<AccessRequestDetail> {
    const asked = await this.ask(durationSeconds);
    await this.approve(asked);
    return this.untilActive(asked.id);
  }

  async untilActive(id: string): Promise<AccessRequestDetail> {
    return this.persevere(async () => {
      const now = await this.api.see('ada', id);
      expect(now).toMatchObject({ phase: 'Active' });
      return now;
    });
  }

  /** A terminal in which a shell answers, whatever breaks meanwhile. */
  async open(id: string, api?: AccessApi): Promise<TestTerminal> {
    return this.persevere(async () => {
      const terminal = await (api ?? this.api).open('ada', id);
      await Promise.race([
        terminal.closed.then(({ code, reason }) => {
          throw new Error(`closed with ${code} ${reason}`);
        }),
        eventually(() =>
          expect(terminal.messages[0]).toMatchObject({ type: 'ready' }),
        ),
      ]);
      terminal.type('echo $((6*7))\n');
      await terminal.expectOutput(/^42\r?$/m);
      return terminal;
    });
  }

  /** An owner ends it, whatever breaks meanwhile. */
  async revoke(id: string): Promise<void> {
    await this.persevere(async () => {
      try {
        await this.api.end('olga', 'revoke', id);
      } catch (error) {
        // The answer to the call before may have been lost.
        if (!(error instanceof ApiRefusal) || error.status !== 409) {
          throw error;
        }
      }
    });
  }

  /** Waits until the page says that nothing is left, and sees that it is true. */
  async untilRemoved(id: string): Promise<AccessRequestDetail> {
    const now = await this.persevere(async () => {
      const seen = await this.api.see('olga', id);
      expect(seen.removal).toMatchObject({ state: 'removed' });
      return seen;
    });
    const objects = await this.observer.grantObjects();
    expect(objects.filter(({ request }) => request === id)).toEqual([]);
    return now;
  }

  /** Nothing that must never be is there now, nor was at any crash. */
  async expectNoViolations(): Promise<void> {
    expect([
      ...this.#violations,
      ...(await this.observer.violations()),
    ]).toEqual([]);
  }

  /** Ends what a test left open, mends what it broke, and looks whether everything is as it has to be. */
  async settle(): Promise<'sound'> {
    this.proxy.clear();
    await this.reachable();
    for (const { id, phase } of await this.observer.requests()) {
      if (['Pending', 'Approved', 'Active'].includes(phase)) {
        await this.persevere(async () => {
          const { status } = await this.api.post(
            'pia',
            `/requests/${id}/revoke`,
          );
          expect([200, 409]).toContain(status);
        });
      }
    }
    await this.observer.untilSettled(SETTLED_MS);
    await this.expectNoViolations();
    this.expectSoundLogs();
    return 'sound';
  }

  /** Whatever was killed in between, the audit trail has no gap, and vouches for every entry of the record. */
  async expectSoundTrail(): Promise<void> {
    const { status, body } = await this.api.get<AuditVerification>(
      'pia',
      '/audit/verification?recordings=false',
    );
    expect({ status, findings: body.findings }).toEqual({
      status: 200,
      findings: [],
    });
  }

  /** Nothing went unhandled in any back end, and no secret was printed. */
  expectSoundLogs(): void {
    const { log } = this;
    const bad = log
      .split('\n')
      .filter(line =>
        /unhandled ?rejection|uncaught ?exception|MaxListenersExceeded/i.test(
          line,
        ),
      );
    expect(bad).toEqual([]);
    // A ServiceAccount's token is a JWT; a ticket is a subprotocol.
    expect(log).not.toMatch(/eyJ[\w-]{10,}\.eyJ/);
    expect(log).not.toMatch(/ticket\.[\w-]{43}/);
  }

  async close(): Promise<void> {
    await Promise.all(
      [...this.#replicas, this.#spare].map(replica => replica.kill()),
    );
    await this.observer?.close();
    await this.proxy.stop();
    await this.commits?.stop();
    await this.database.close();
    await this.cluster.close();
    await rm(this.#folder, { recursive: true, force: true });
  }

  #databaseConfig(): Record<string, unknown> {
    const { config } = this.database;
    return this.commits
      ? {
          ...config,
          connection: {
            ...(config.connection as object),
            port: this.commits.port,
          },
        }
      : config;
  }

  private async openRequest(): Promise<AccessRequestDetail | undefined> {
    const { body } = await this.api.get<{ items: AccessRequestDetail[] }>(
      'ada',
      '/requests?scope=mine&open=true',
    );
    return body.items.find(({ cluster }) => cluster.name === 'test');
  }
}
