import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  ANNOTATIONS,
  LABELS,
  MANAGED_BY,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Clock, LeaseTimes } from '../controller';
import { Lease } from '../controller';
import type { RequestStore } from '../database/types';
import type { ClusterConnection, Fence } from '../kubernetes';
import { FencedKubeClient, leasesPath, namespacePath } from '../kubernetes';
import { reviewRecord } from './reviewRecord';

const UID_TIMEOUT_MS = 5_000;

/** Ends what was done as the leader of a cluster. */
export type StopLeading = () => Promise<void>;

export interface ClusterLeadershipOptions {
  connection: ClusterConnection;
  installationId: string;
  /** The id of this process among those on its database. */
  replica: string;
  store: Pick<RequestStore, 'get' | 'newestEntry'>;
  clock: Clock;
  logger: LoggerService;
  times?: Partial<LeaseTimes>;
  /**
   * Begins to lead, with a connection that writes nothing when this process does not, which the fence tells.
   * Must not throw.
   */
  onLead: (connection: ClusterConnection, fence: Fence) => StopLeading;
  /** Tells what keeps every replica on this database from the cluster, and with nothing that it is over. */
  onRefusal: (message: string | undefined) => void;
}

/** The name of the Lease of an installation. */
export function leaseName(installationId: string): string {
  return `kubernetes-access-${installationId}`;
}

/**
 * Whether this process looks after the grants of a cluster: one of those on the same database does, and only while its
 * database is the one, and as new as the one, by which the cluster was looked after before.
 */
export class ClusterLeadership {
  readonly #options: ClusterLeadershipOptions;
  readonly #lease: Lease;
  #wasRefused = false;
  /** What is to be done about a refusal, for those who read the log. */
  #advice = '';
  #term: { isOver: boolean; stop: StopLeading } | undefined;
  /** Terms that have not finished what was under way. */
  readonly #ending = new Set<Promise<void>>();

  constructor(options: ClusterLeadershipOptions) {
    this.#options = options;
    const { connection, installationId } = options;
    const review = reviewRecord(options.store, until => this.#isOlder(until));
    this.#lease = new Lease({
      client: connection.client,
      path: leasesPath(connection.grantNamespace),
      namespace: connection.grantNamespace,
      name: leaseName(installationId),
      labels: {
        [LABELS.managedBy]: MANAGED_BY,
        [LABELS.installation]: installationId,
      },
      holder: options.replica,
      clock: options.clock,
      logger: options.logger,
      times: options.times,
      review: async annotations =>
        (await this.#isAnotherCluster())
          ? { refusal: this.#anotherCluster() }
          : review(annotations),
      onAcquire: () => this.#lead(),
      onLose: () => this.#endTerm(),
      onRefusal: refusal => this.#refuse(refusal),
    });
  }

  /** Who looked after the cluster when this process last asked. */
  get holder(): string | undefined {
    return this.#lease.holder;
  }

  start(): void {
    this.#lease.start();
  }

  /** Something was put on record: the cluster has to remember it before the database can lose it. */
  noteRecord(): void {
    this.#lease.renewSoon();
  }

  /** Finishes what is under way without another write, and lets the next one take over at once. */
  async stop(): Promise<void> {
    this.#endTerm();
    await this.#lease.stop();
    await Promise.all(this.#ending);
    await this.#lease.release();
  }

  #lead(): void {
    const { connection, onLead } = this.#options;
    const lease = this.#lease;
    const term = { isOver: false, stop: async () => {} };
    // What was planned in one term is not done in a later one.
    const fence: Fence = {
      get leftMs() {
        return term.isOver ? 0 : lease.leftMs;
      },
    };
    this.#term = term;
    const client = new FencedKubeClient(connection.client, fence);
    term.stop = onLead({ ...connection, client }, fence);
  }

  #endTerm(): void {
    const { connection, logger } = this.#options;
    const term = this.#term;
    if (!term) {
      return;
    }
    this.#term = undefined;
    term.isOver = true;
    const ending = term
      .stop()
      .catch(error => {
        logger.warn(
          `Looking after cluster '${connection.name}' did not stop cleanly`,
          error,
        );
      })
      .finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** Says once that it is refused, also when the reason changes in its details. */
  #refuse(refusal: string | undefined): void {
    const { connection, logger, onRefusal } = this.#options;
    if (refusal && !this.#wasRefused) {
      logger.error(
        `${refusal} Nothing is granted and nothing removed there. ${
          this.#advice
        }`,
      );
    }
    if (!refusal && this.#wasRefused) {
      logger.info(
        `Nothing speaks against looking after cluster '${connection.name}' any more`,
      );
    }
    this.#wasRefused = refusal !== undefined;
    onRefusal(refusal);
  }

  /** A name can come to lead to another cluster, for which nothing that is on record of this one holds. */
  async #isAnotherCluster(): Promise<boolean> {
    const { client, uid } = this.#options.connection;
    const { metadata } = await client.get(namespacePath('kube-system'), {
      lane: 'lease',
      timeoutMs: UID_TIMEOUT_MS,
    });
    return metadata.uid !== uid;
  }

  #anotherCluster(): string {
    const { name, title } = this.#options.connection;
    this.#advice = `It goes on when the name '${name}' leads to the same cluster as before, or is known to lead to another one.`;
    return `Cluster '${title}' is closed: another cluster answers in its place.`;
  }

  #isOlder(recordedUntil: string): string {
    const { connection, installationId } = this.#options;
    const { grantNamespace, title } = connection;
    const lease = leaseName(installationId);
    this.#advice =
      `The database of this back end was put back to an older state, or is a copy of the one by which the cluster is looked after. ` +
      `If what is missing is lost for good, accept that with "kubectl annotate lease ${lease} --namespace=${grantNamespace} ${ANNOTATIONS.recordedUntil}-": ` +
      `then grants that nobody knows of any more are taken back`;
    return `Cluster '${title}' is closed: it was looked after last with records until ${recordedUntil}, which this Backstage does not have.`;
  }
}
