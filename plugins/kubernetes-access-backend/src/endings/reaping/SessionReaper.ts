import { randomBytes, randomUUID } from 'node:crypto';
import { SYSTEM_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Clock } from '../../controller';
import type { ReapTask, StoredSession } from '../../database/types';
import type { ClusterConnection, Clusters, Pod } from '../../kubernetes';
import {
  isNotFound,
  KubeApiError,
  OWN_IDENTITY,
  podsPath,
} from '../../kubernetes';
import { sessionUserAgent } from '../../sessions';
import type { ReapVerdict } from './judgeReap';
import { judgeContainer, judgeRun, noneLeft, unknown } from './judgeReap';
import { MAX_ANSWER_BYTES } from './readReaperAnswer';
import { REAPER_SCRIPT, reaperCommand, SHELLS } from './reaperScript';
import { runOnce } from './runOnce';

const HANDSHAKE_MS = 10_000;
/** The script gives up by itself before that, unless the container hardly runs. */
const RUN_MS = 12_000;
/** Between tries that follow one another at once: what was just killed needs a moment to be gone. */
const PAUSES_MS = [150, 600];

export interface SessionReaperOptions {
  clusters: Pick<Clusters, 'byUid'>;
  clock: Clock;
  /** The version of this plugin, for the API server's audit log. */
  version: string;
  /** How long an answer may take. */
  patienceMs?: number;
}

/** What a try came to, and under which ids the cluster's own audit log has it. */
export interface ReapAttempt extends ReapVerdict {
  auditIds: string[];
}

/**
 * Ends the processes of a session that has ended, from within its container and with the back end's own right: the
 * grant may be gone by then.
 */
export class SessionReaper {
  readonly #options: SessionReaperOptions;

  constructor(options: SessionReaperOptions) {
    this.#options = options;
  }

  /** Never rejects: what went wrong is what is found. */
  async reap(task: ReapTask): Promise<ReapAttempt> {
    const auditIds: string[] = [];
    const verdict = await this.#reap(task, auditIds).catch(judgeError);
    return { ...verdict, auditIds };
  }

  async #reap(task: ReapTask, auditIds: string[]): Promise<ReapVerdict> {
    const { session } = task;
    const connection = this.#options.clusters.byUid(session.clusterUid);
    if (!connection) {
      return unknown('unreachable', 'when-reachable');
    }
    const startedAt = this.#options.clock.monotonic();
    let found = 0;
    for (let round = 0; ; round++) {
      const pod = await readPod(connection, session);
      const ended = judgeContainer(pod, session);
      if (ended) {
        return ended;
      }
      const verdict = await this.#look(
        connection,
        session,
        {
          ageMs:
            Date.parse(task.claimedAt) -
            Date.parse(session.createdAt) +
            this.#options.clock.monotonic() -
            startedAt,
          // It sees the processes of the whole node, of which none but the marked ones are its business.
          scope: pod?.spec?.hostPID ? 'marked' : 'all',
        },
        auditIds,
      );
      found += verdict.outcome.found;
      if (verdict.outcome.state !== 'left' || round === PAUSES_MS.length) {
        return { ...verdict, outcome: { ...verdict.outcome, found } };
      }
      await this.#pause(PAUSES_MS[round]);
    }
  }

  /** Runs the script in the first shell that there is. */
  async #look(
    connection: ClusterConnection,
    session: StoredSession,
    how: { ageMs: number; scope: 'all' | 'marked' },
    auditIds: string[],
  ): Promise<ReapVerdict> {
    let verdict: ReapVerdict = unknown('no-shell', 'settle');
    for (const shell of SHELLS) {
      const nonce = randomBytes(8).toString('hex');
      const auditId = randomUUID();
      auditIds.push(auditId);
      const socket = await connection.openExec({
        namespace: session.namespace,
        pod: session.pod,
        container: session.container,
        command: reaperCommand(shell, {
          mark: session.mark,
          sessionId: session.id,
          nonce,
          ...how,
        }),
        tty: false,
        stdin: true,
        token: OWN_IDENTITY,
        userAgent: sessionUserAgent(this.#options.version, {
          user: SYSTEM_ACTOR,
          requestId: session.requestId,
          id: session.id,
        }),
        auditId,
        timeoutMs: HANDSHAKE_MS,
      });
      const result = await runOnce(socket, {
        input: REAPER_SCRIPT,
        maxBytes: MAX_ANSWER_BYTES,
        timeoutMs: this.#options.patienceMs ?? RUN_MS,
        clock: this.#options.clock,
      });
      verdict = judgeRun(result, nonce, session);
      if (result.kind !== 'ended' || !result.noShell) {
        break;
      }
    }
    return verdict;
  }

  async #pause(delayMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      this.#options.clock.schedule(delayMs, resolve);
    });
  }
}

async function readPod(
  { client }: ClusterConnection,
  { namespace, pod }: StoredSession,
): Promise<Pod | undefined> {
  try {
    return await client.get<Pod>(podsPath(namespace, pod), {
      lane: 'removal',
    });
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}

/** An API server that cannot reach a node answers for it, and may be able to again. */
function judgeError(error: unknown): ReapVerdict {
  if (!(error instanceof KubeApiError)) {
    return unknown('unreachable', 'when-reachable');
  }
  switch (error.status) {
    case 404:
      return noneLeft('container-ended');
    case 429:
    case 500:
    case 502:
    case 503:
    case 504:
      return unknown('unreachable', 'when-reachable');
    default:
      return unknown('refused', 'again');
  }
}
