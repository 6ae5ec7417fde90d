import { IDENTITY_LIMIT_MS } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Clock } from '../controller/Clock';
import type { StoredRequest, StoredSession } from '../database/types';
import { ENDINGS, type SessionEnd } from './endingMessages';
import { type SessionAdmission, SessionRefusedError } from './SessionAdmission';
import type { SessionIdentity } from './SessionIdentity';
import type { SessionAuthority } from './types';
import { within } from './within';

/** Who does not answer so long does not answer. */
const JUDGE_LIMIT_MS = 5_000;

export interface SessionRecheckOptions {
  session: StoredSession;
  admission: Pick<SessionAdmission, 'standing'>;
  authority: Pick<SessionAuthority, 'judge'>;
  identity: Pick<SessionIdentity, 'caller' | 'heardAt'>;
  clock: Clock;
  logger: LoggerService;
}

/**
 * The check that an open session has to pass each minute. The record must be there to say yes. What the catalog, the
 * permission framework and the target say is believed for some minutes when they cannot be asked: they may restart
 * without taking everybody's terminal along.
 */
export class SessionRecheck {
  readonly #options: SessionRecheckOptions;
  #confirmedAt: number;

  constructor(options: SessionRecheckOptions) {
    this.#options = options;
    this.#confirmedAt = options.clock.monotonic();
  }

  /**
   * @returns how the session has to end, if it has to
   * @throws when the record cannot be read
   */
  async run(): Promise<SessionEnd | undefined> {
    const { session, admission, clock } = this.#options;
    try {
      const request = await admission.standing(session);
      const end = await this.#judge(request);
      const silence = clock.monotonic() - this.#confirmedAt;
      return silence >= IDENTITY_LIMIT_MS ? end ?? ENDINGS.notConfirmed : end;
    } catch (error) {
      if (error instanceof SessionRefusedError) {
        return error.end;
      }
      throw error;
    }
  }

  async #judge(request: StoredRequest): Promise<SessionEnd | undefined> {
    const { session, authority, identity, clock, logger } = this.#options;
    const { caller, heardAt } = identity;
    const { user, userInCatalog } = session;
    try {
      const refusal = await within(
        clock,
        JUDGE_LIMIT_MS,
        authority.judge({ user, userInCatalog, request, caller }),
      );
      if (refusal) {
        return { reason: refusal.close, message: refusal.message };
      }
      this.#confirmedAt = Math.max(this.#confirmedAt, heardAt);
    } catch (error) {
      logger.warn(
        `It could not be checked whether session ${session.id} may go on; it is tried again in a minute: ${error}`,
      );
    }
    return undefined;
  }
}
