import type { Clock } from '../controller/Clock';
import { REPLICA_DEAD_MS } from './liveReplicas';
import type { Replica, ReplicaStore } from './types';

const LOOK_AGAIN_MS = 1_000;

/**
 * SQLite is a file of one machine, and nobody is told of another process's changes: a revocation there would not end
 * a terminal here. So the second process on it does not start.
 *
 * One that was killed still counts as alive for a while: it is waited for, unless its process can be seen.
 *
 * @throws Error when another replica is alive
 */
export async function refuseSecondReplica(options: {
  replicas: Pick<ReplicaStore, 'listOthersAlive'>;
  replica: Replica;
  clock: Clock;
  isProcessAlive?: (pid: number) => boolean;
}): Promise<void> {
  const { replicas, replica, clock } = options;
  const { isProcessAlive = isAlive } = options;
  const firstSeen = new Map<string, string>();
  const giveUpAt = clock.monotonic() + 2 * REPLICA_DEAD_MS;
  for (;;) {
    const others = (await replicas.listOthersAlive(replica.id)).filter(
      ({ host, pid }) =>
        host !== replica.host || (pid !== replica.pid && isProcessAlive(pid)),
    );
    const alive = others.find(
      ({ id, host, seenAt }) =>
        host === replica.host ||
        (firstSeen.get(id) ?? seenAt) !== seenAt ||
        clock.monotonic() >= giveUpAt,
    );
    if (alive) {
      throw new Error(
        `Another Backstage back end (process ${alive.pid} on ${alive.host}) uses the SQLite database of Kubernetes Access, which serves only one. ` +
          'Stop it, or use PostgreSQL (backend.database.client: pg) for more than one replica',
      );
    }
    if (others.length === 0) {
      return;
    }
    others.forEach(({ id, seenAt }) => firstSeen.set(id, seenAt));
    await new Promise<void>(resolve => {
      clock.schedule(LOOK_AGAIN_MS, resolve);
    });
  }
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // It is there, but not ours to signal.
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
