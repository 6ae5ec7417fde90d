import { isDeepStrictEqual } from 'node:util';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../../controller';
import type { ReapQueue, ReapTask, RequestStore } from '../../database/types';
import type { Clusters } from '../../kubernetes';
import { nextTryMs } from './nextTry';
import type { ReapAttempt, SessionReaper } from './SessionReaper';
import { reapEvent } from './reapEvent';
import { summarize } from './summarize';

/** More at once would only queue at the nodes. */
const MAX_AT_ONCE = 24;
/** Of those, for what has to be tried again: containers that do not answer must not keep the others waiting. */
const MAX_FROM_QUEUE = 12;
/** How often the queue is looked at for what this process did not put there, or could not do at once. */
const POLL_MS = 2_000;
/** Longer than any try takes; afterwards the session is anybody's. */
const CLAIM_MS = 120_000;
/** A stopping process does not wait longer: what it did not get done stays in the queue. */
const STOP_MS = 5_000;

interface Options {
  queue: ReapQueue;
  reaper: Pick<SessionReaper, 'reap'>;
  store: Pick<RequestStore, 'change'>;
  clusters: Pick<Clusters, 'health' | 'byName'>;
  replica: string;
  clock: Clock;
  logger: LoggerService;
}

/**
 * Works off the queue of sessions that have ended: those of this process at once, everybody's when they are due.
 * Nothing waits for it: a cluster that is away keeps its sessions in the queue until it is back.
 */
export class ReapWorker {
  readonly #options: Options;
  /** What is under way, by cluster. */
  readonly #busy = new Map<string, number>();
  readonly #running = new Set<Promise<void>>();
  #cancelPoll: Cancel = () => {};
  #isStopped = true;

  constructor(options: Options) {
    this.#options = options;
  }

  start(): void {
    this.#isStopped = false;
    this.#poll();
  }

  /** Finishes what is under way, for a while, and leaves the rest to others. */
  async stop(): Promise<void> {
    const { queue, replica, clock } = this.#options;
    this.#isStopped = true;
    this.#cancelPoll();
    let cancel: Cancel = () => {};
    const timeUp = new Promise<void>(resolve => {
      cancel = clock.schedule(STOP_MS, resolve);
    });
    await Promise.race([Promise.all(this.#running), timeUp]);
    cancel();
    await queue.release(replica);
  }

  /** Ends the processes of a session that this process has just closed. Never rejects. */
  reap(session: { id: string; clusterUid: string }): void {
    if (this.#busyIn(session.clusterUid) < MAX_AT_ONCE) {
      this.#run(session.clusterUid, () => this.#claimOne(session.id));
    }
  }

  #poll(): void {
    const polling = this.#claimDue()
      .catch(error =>
        this.#options.logger.warn(
          'Could not read which sessions left processes behind; trying again in a moment',
          error,
        ),
      )
      .finally(() => {
        this.#running.delete(polling);
        if (!this.#isStopped) {
          this.#cancelPoll = this.#options.clock.schedule(POLL_MS, () =>
            this.#poll(),
          );
        }
      });
    this.#running.add(polling);
  }

  async #claimDue(): Promise<void> {
    const { queue, replica } = this.#options;
    for (const clusterUid of this.#readyClusters()) {
      const limit = MAX_FROM_QUEUE - this.#busyIn(clusterUid);
      const tasks =
        limit > 0 && !this.#isStopped
          ? await queue.claimDue(replica, {
              clusterUids: [clusterUid],
              limit,
              claimMs: CLAIM_MS,
            })
          : [];
      tasks.forEach(task => this.#run(clusterUid, async () => task));
    }
  }

  #readyClusters(): string[] {
    const { clusters } = this.#options;
    const ready = clusters.health().filter(({ state }) => state === 'ready');
    return [...new Set(ready.map(({ name }) => clusters.byName(name).uid))];
  }

  #busyIn(clusterUid: string): number {
    return this.#busy.get(clusterUid) ?? 0;
  }

  async #claimOne(sessionId: string): Promise<ReapTask | undefined> {
    const { queue, replica } = this.#options;
    return queue.claim(sessionId, replica, CLAIM_MS);
  }

  #run(clusterUid: string, claim: () => Promise<ReapTask | undefined>): void {
    this.#busy.set(clusterUid, this.#busyIn(clusterUid) + 1);
    const running = claim()
      .then(task => task && this.#try(task))
      .catch(error =>
        this.#options.logger.error(
          'What a session left behind could not be put on record; it will be looked at again',
          error,
        ),
      )
      .finally(() => {
        this.#busy.set(clusterUid, this.#busyIn(clusterUid) - 1);
        this.#running.delete(running);
      });
    this.#running.add(running);
  }

  async #try(task: ReapTask): Promise<void> {
    const { reaper } = this.#options;
    const attempt = await reaper.reap(task);
    const found = task.found + attempt.outcome.found;
    const outcome = { ...attempt.outcome, found };
    const delayMs = nextTryMs(attempt, task.attempts, task.session);
    if (delayMs === undefined) {
      await this.#settle(task, { ...attempt, outcome });
    } else {
      await this.#options.queue.postpone(task.session.id, outcome, delayMs);
    }
    await this.#summarize(task.session.requestId);
  }

  async #settle(task: ReapTask, attempt: ReapAttempt): Promise<void> {
    const { queue, logger } = this.#options;
    const { id, requestId } = task.session;
    const { outcome } = attempt;
    await queue.settle(id, outcome, [reapEvent(task.session, attempt)]);
    if (outcome.state !== 'none-left') {
      logger.warn(
        `Session ${id} of request ${requestId} may have left processes in ${
          task.session.namespace
        }/${task.session.pod}/${task.session.container}: ${
          outcome.state === 'left'
            ? `${outcome.left} could not be ended`
            : `it could not be checked (${outcome.detail})`
        }`,
      );
    }
  }

  /** For the resource in the cluster. */
  async #summarize(requestId: string): Promise<void> {
    const { queue, store } = this.#options;
    const processes = summarize(await queue.listByRequest(requestId));
    await store.change(requestId, ({ observed }) =>
      isDeepStrictEqual(observed.processes, processes)
        ? {}
        : { observed: { processes } },
    );
  }
}
