import type { LoggerService } from '@backstage/backend-plugin-api';
import { SYSTEM_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { AuditTrail } from '../audit';
import type { ClusterConnection, Clusters } from '../kubernetes';

interface Options {
  clusters: Pick<Clusters, 'suspend'>;
  audit: AuditTrail;
  logger: LoggerService;
}

/** Closes clusters that must not be used, opens them again, and puts both on record. */
export class ClusterClosures {
  readonly #options: Options;
  /** By UID. */
  readonly #closed = new Set<string>();

  constructor(options: Options) {
    this.#options = options;
  }

  /** @param message - why it is closed, in words for people; it is opened without one */
  set({ uid, name }: ClusterConnection, message: string | undefined): void {
    const wasClosed = this.#closed.has(uid);
    this.#options.clusters.suspend(uid, message);
    if (message) {
      this.#closed.add(uid);
    } else {
      this.#closed.delete(uid);
    }
    if (wasClosed !== Boolean(message)) {
      this.#record(name, message);
    }
  }

  #record(cluster: string, message: string | undefined): void {
    this.#options.audit
      .append([
        {
          eventId: message ? 'cluster-close' : 'cluster-open',
          actor: SYSTEM_ACTOR,
          outcome: 'succeeded',
          meta: { cluster, ...(message ? { reason: message } : {}) },
        },
      ])
      .catch(error => {
        this.#options.logger.error(
          `Could not put on record that cluster '${cluster}' was ${
            message ? 'closed' : 'opened again'
          }`,
          error,
        );
      });
  }
}
