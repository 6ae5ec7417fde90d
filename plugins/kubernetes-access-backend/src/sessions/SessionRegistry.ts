import type { EndReason } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { closeNameForEnd, type SessionEnd } from './endingMessages';
import type { LiveSession } from './LiveSession';
import type { LiveSessions } from './types';

/** The sessions of this process, from the redemption of a ticket until the end is on record. */
export class SessionRegistry implements LiveSessions {
  readonly #byRequest = new Map<string, Set<LiveSession>>();
  readonly #closing = new Set<Promise<void>>();
  #count = 0;

  add(live: LiveSession): void {
    const others = this.#byRequest.get(live.requestId) ?? new Set();
    others.add(live);
    this.#byRequest.set(live.requestId, others);
    this.#count += 1;
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
    const closing = live.closed.finally(() => this.#closing.delete(closing));
    this.#closing.add(closing);
  }

  cut(requestId: string, end: { reason: EndReason; message: string }): void {
    this.#endAll([...(this.#byRequest.get(requestId) ?? [])], {
      reason: closeNameForEnd(end.reason),
      message: end.message,
    });
  }

  /** Ends all sessions and waits until that is on record. */
  async closeAll(end: SessionEnd): Promise<void> {
    this.#endAll(
      [...this.#byRequest.values()].flatMap(lives => [...lives]),
      end,
    );
    await Promise.all(this.#closing);
  }

  requestIds(): string[] {
    return [...this.#byRequest.keys()];
  }

  count(): number {
    return this.#count;
  }

  #endAll(lives: LiveSession[], end: SessionEnd): void {
    lives.forEach(live => live.end(end));
  }
}
