import type { EndReason } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { SessionTraffic, StoredSession } from '../database/types';
import { closeNameForEnd, type SessionEnd } from './endingMessages';
import type { LiveSession } from './LiveSession';
import type { LiveSessions } from './types';

/** The sessions of this process, from the redemption of a ticket until the end is on record. */
export class SessionRegistry implements LiveSessions {
  readonly #byRequest = new Map<string, Set<LiveSession>>();
  readonly #closing = new Set<Promise<void>>();
  #onAdded: () => void = () => {};
  readonly #onClosed: (session: StoredSession) => void;
  #count = 0;

  /** @param options - `onClosed` is told of each session whose end is on record, and must not throw */
  constructor(options: { onClosed?: (session: StoredSession) => void } = {}) {
    this.#onClosed = options.onClosed ?? (() => {});
  }

  /** Has one listener called whenever there is one more; it must not throw. */
  onAdded(listener: () => void): void {
    this.#onAdded = listener;
  }

  add(live: LiveSession): void {
    const others = this.#byRequest.get(live.requestId) ?? new Set();
    others.add(live);
    this.#byRequest.set(live.requestId, others);
    this.#count += 1;
    this.#onAdded();
  }

  /** To be called when a session ends. Its closing is waited for at a shutdown. */
  remove(live: LiveSession): void {
    const others = this.#byRequest.get(live.requestId);
    if (!others?.delete(live)) {
      return;
    }
    this.#count -= 1;
    if (others.size === 0) {
      this.#byRequest.delete(live.requestId);
    }
    const closing = live.closed
      .then(() => this.#onClosed(live.session))
      .finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  cut(requestId: string, end: { reason: EndReason; message: string }): void {
    this.#endAll([...(this.#byRequest.get(requestId) ?? [])], {
      reason: closeNameForEnd(end.reason),
      message: end.message,
    });
  }

  endAll(end: SessionEnd): void {
    this.#endAll(this.#all(), end);
  }

  endInCluster(clusterUid: string, end: SessionEnd): void {
    this.#endAll(
      this.#all().filter(({ session }) => session.clusterUid === clusterUid),
      end,
    );
  }

  /** Ends all sessions and waits until that is on record. */
  async closeAll(end: SessionEnd): Promise<void> {
    this.endAll(end);
    await Promise.all(this.#closing);
  }

  requestIds(): string[] {
    return [...this.#byRequest.keys()];
  }

  count(): number {
    return this.#count;
  }

  /** How much has gone through each so far. */
  traffic(): SessionTraffic[] {
    return this.#all().map(({ session, traffic }) => ({
      id: session.id,
      ...traffic,
    }));
  }

  #all(): LiveSession[] {
    return [...this.#byRequest.values()].flatMap(lives => [...lives]);
  }

  #endAll(lives: LiveSession[], end: SessionEnd): void {
    lives.forEach(live => live.end(end));
  }
}
