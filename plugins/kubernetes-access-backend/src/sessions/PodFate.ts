import type { Clock } from '../controller/Clock';
import type { StoredSession } from '../database/types';
import { isNotFound, podsPath } from '../kubernetes';
import type { Clusters, Pod } from '../kubernetes/types';
import type { SessionEnd } from './endingMessages';
import { within } from './within';

/** A cluster tells of the end of a container a little after the streams into it have ended. */
const LOOK_AFTER_MS = [0, 300, 400, 800];
const LOOK_LIMIT_MS = 1_000;

/** Finds out whether a stream ended because its pod or container did. */
export class PodFate {
  readonly #clusters: Pick<Clusters, 'byUid'>;
  readonly #clock: Clock;

  constructor(options: { clusters: Pick<Clusters, 'byUid'>; clock: Clock }) {
    this.#clusters = options.clusters;
    this.#clock = options.clock;
  }

  /** What became of the container of a session; nothing when it is still there, or nobody can tell. Never rejects. */
  async of(session: StoredSession): Promise<SessionEnd | undefined> {
    try {
      for (const delay of LOOK_AFTER_MS) {
        await this.#wait(delay);
        const message = await within(
          this.#clock,
          LOOK_LIMIT_MS,
          this.#look(session),
        );
        if (message) {
          return { reason: 'podGone', message };
        }
      }
    } catch {
      // A cluster that does not answer has nothing to tell.
    }
    return undefined;
  }

  async #look(session: StoredSession): Promise<string | undefined> {
    const client = this.#clusters.byUid(session.clusterUid)?.client;
    try {
      const pod = await client?.get<Pod>(
        podsPath(session.namespace, session.pod),
      );
      return pod && describeFate(pod, session);
    } catch (error) {
      if (isNotFound(error)) {
        return `The pod ${session.pod} was deleted.`;
      }
      throw error;
    }
  }

  async #wait(delayMs: number): Promise<void> {
    if (delayMs > 0) {
      await new Promise<void>(resolve => {
        this.#clock.schedule(delayMs, resolve);
      });
    }
  }
}

/** What has become of the container that a session was in, in words for people; nothing if it still runs. */
function describeFate(
  pod: Pod,
  session: Pick<StoredSession, 'pod' | 'podUid' | 'container' | 'containerId'>,
): string | undefined {
  const { metadata, status } = pod;
  if (metadata.uid !== session.podUid) {
    return `The pod ${session.pod} was deleted; another one has its name now.`;
  }
  if (status?.reason === 'Evicted') {
    return `The pod ${session.pod} was evicted from its node.`;
  }
  if (metadata.deletionTimestamp) {
    return `The pod ${session.pod} is being deleted.`;
  }
  if (status?.phase === 'Failed' || status?.phase === 'Succeeded') {
    return `The pod ${session.pod} has ended${because(status.reason)}.`;
  }
  const container = status?.containerStatuses?.find(
    ({ name }) => name === session.container,
  );
  const what = `The container ${session.container} of ${session.pod}`;
  const { terminated, waiting } = container?.state ?? {};
  if (terminated) {
    return `${what} has ended${because(terminated.reason)}.`;
  }
  if (waiting) {
    return `${what} has ended and is to be started again${because(
      waiting.reason,
    )}.`;
  }
  return container && container.containerID !== session.containerId
    ? `${what} was restarted.`
    : undefined;
}

function because(reason: string | undefined): string {
  return reason ? ` (${reason})` : '';
}
