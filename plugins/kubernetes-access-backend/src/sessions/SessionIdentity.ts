import type { RefusalTrail } from '../audit';
import type { Clock } from '../controller/Clock';
import type { StoredSession } from '../database/types';
import type { Caller } from '../requests/types';
import type { SessionAuthority } from './types';

export interface SessionIdentityOptions {
  session: StoredSession;
  authority: Pick<SessionAuthority, 'identify'>;
  refusals: Pick<RefusalTrail, 'record'>;
  clock: Clock;
  /** Called when somebody else is in front of the terminal. */
  onOtherUser: () => void;
  /** Called when a refusal could not be put on record. */
  onError: (error: unknown) => void;
}

/**
 * Who the browser says is in front of a terminal. Tokens are looked at one after the other, and of those that come
 * meanwhile only the last one, so that a flood of them costs no more than one at a time.
 */
export class SessionIdentity {
  readonly #options: SessionIdentityOptions;
  #caller: Caller | undefined;
  #heardAt: number;
  #isBusy = false;
  #next: string | undefined;

  constructor(options: SessionIdentityOptions) {
    this.#options = options;
    this.#heardAt = options.clock.monotonic();
  }

  /** The user with the newest credentials, once the browser has shown some. */
  get caller(): Caller | undefined {
    return this.#caller;
  }

  /** When the user was last shown to be there, on the monotonic clock; at first, when the session began. */
  get heardAt(): number {
    return this.#heardAt;
  }

  /** Never throws. */
  hear(token: string): void {
    if (this.#isBusy) {
      this.#next = token;
      return;
    }
    this.#isBusy = true;
    this.#look(token)
      .catch(this.#options.onError)
      .finally(() => {
        this.#isBusy = false;
        const next = this.#next;
        this.#next = undefined;
        if (next !== undefined) {
          this.hear(next);
        }
      });
  }

  async #look(token: string): Promise<void> {
    const { session, authority, clock, onOtherUser } = this.#options;
    const heardAt = clock.monotonic();
    const caller = await authority.identify(token).catch(() => undefined);
    if (!caller) {
      await this.#putOnRecord(session.user, 'bad-identity');
      return;
    }
    if (caller.userRef !== session.user) {
      onOtherUser();
      await this.#putOnRecord(caller.userRef, 'other-user');
      return;
    }
    this.#caller = caller;
    this.#heardAt = heardAt;
  }

  async #putOnRecord(actor: string, reason: string): Promise<void> {
    const { session, refusals } = this.#options;
    await refusals.record({
      actor,
      action: 'session-open',
      reason,
      requestId: session.requestId,
      meta: { session: session.id },
    });
  }
}
