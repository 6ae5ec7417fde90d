import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../controller/Clock';
import type { DatabaseContact } from '../database/types';
import type { Clusters } from '../kubernetes/types';
import { ClusterProbe } from './ClusterProbe';
import { clockIsOff, ENDINGS, type SessionEnd } from './endingMessages';
import type { SessionRegistry } from './SessionRegistry';
import { SECOND_LOOK_MS, SILENCE_MS } from './SilenceWatch';

interface WatchedCluster {
  probe: ClusterProbe;
  sessions: number;
}

export interface ContactGuardOptions {
  contact: DatabaseContact;
  clusters: Pick<Clusters, 'byUid'>;
  registry: Pick<SessionRegistry, 'endAll' | 'endInCluster'>;
  clock: Clock;
  logger: LoggerService;
}

/**
 * Ends open sessions, and lets no new ones begin, when this process cannot tell any more whether they may: it hears
 * nothing from the database, or nothing from the cluster of a session, or its clock is not the database's.
 */
export class ContactGuard {
  readonly #options: ContactGuardOptions;
  readonly #clusters = new Map<string, WatchedCluster>();
  #stopListening: () => void = () => {};
  #cancelLook: Cancel = () => {};

  constructor(options: ContactGuardOptions) {
    this.#options = options;
  }

  start(): void {
    const { clock, contact } = this.#options;
    const stopSilence = contact.onSilent(SILENCE_MS, () => {
      this.#cancelLook();
      this.#cancelLook = clock.schedule(SECOND_LOOK_MS, () =>
        this.#lookAtDatabase(),
      );
    });
    const stopDeath = contact.onTakenForDead(() => this.#giveUpSessions());
    this.#stopListening = () => {
      stopSilence();
      stopDeath();
    };
  }

  stop(): void {
    this.#stopListening();
    this.#cancelLook();
    this.#clusters.forEach(({ probe }) => probe.stop());
    this.#clusters.clear();
  }

  /** What speaks against letting anybody in now. */
  problem(): SessionEnd | undefined {
    const { contact } = this.#options;
    if (this.#isDatabaseSilent()) {
      return ENDINGS.cannotTell;
    }
    return contact.isClockOff()
      ? clockIsOff(contact.clockOffsetMs())
      : undefined;
  }

  /** Listens to a cluster as long as there is a session in it. Returns how to stop; once only. */
  watch(clusterUid: string): () => void {
    const watched = this.#clusters.get(clusterUid) ?? this.#add(clusterUid);
    watched.sessions += 1;
    return () => {
      watched.sessions -= 1;
      if (watched.sessions === 0) {
        watched.probe.stop();
        if (this.#clusters.get(clusterUid) === watched) {
          this.#clusters.delete(clusterUid);
        }
      }
    };
  }

  #add(clusterUid: string): WatchedCluster {
    const { clusters, clock } = this.#options;
    // A cluster that is found to be unwell is still asked: that it answers is what counts here.
    let client = clusters.byUid(clusterUid)?.client;
    const probe = new ClusterProbe({
      clock,
      client: () => {
        client = clusters.byUid(clusterUid)?.client ?? client;
        return client;
      },
      onSilent: () => this.#loseCluster(clusterUid),
    });
    const watched = { probe, sessions: 0 };
    this.#clusters.set(clusterUid, watched);
    return watched;
  }

  #loseCluster(clusterUid: string): void {
    const { clusters, registry, logger } = this.#options;
    const name = clusters.byUid(clusterUid)?.name ?? clusterUid;
    logger.warn(
      `Nothing was heard from cluster '${name}' for ${SILENCE_MS} ms, so its sessions are closed`,
    );
    registry.endInCluster(clusterUid, ENDINGS.clusterSilent);
  }

  #isDatabaseSilent(): boolean {
    const { clock, contact } = this.#options;
    return clock.monotonic() - contact.lastHeardAt() >= SILENCE_MS;
  }

  /** After a standstill that nobody noticed here: what goes on here may be closed on record, and its processes ended. */
  #giveUpSessions(): void {
    this.#options.logger.warn(
      'This process was not heard of for so long that the other replicas may have closed its sessions, so it closes them too',
    );
    this.#options.registry.endAll(ENDINGS.cannotTell);
  }

  #lookAtDatabase(): void {
    if (this.#isDatabaseSilent()) {
      this.#options.logger.warn(
        `Nothing was heard from the database for ${SILENCE_MS} ms, so all sessions are closed and none is opened`,
      );
      this.#options.registry.endAll(ENDINGS.cannotTell);
    }
  }
}
