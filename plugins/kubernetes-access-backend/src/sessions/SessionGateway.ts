import type { IncomingMessage } from 'node:http';
import { STATUS_CODES } from 'node:http';
import type { Duplex } from 'node:stream';
import type { LoggerService } from '@backstage/backend-plugin-api';
import {
  MAX_CLIENT_FRAME_BYTES,
  OUTSIDE_ACTOR,
  SESSION_PROTOCOL,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { type WebSocket, WebSocketServer } from 'ws';
import type { RefusalTrail } from '../audit';
import type { Clock } from '../controller/Clock';
import type { SessionStore, StoredSession } from '../database/types';
import { answerPings } from '../kubernetes';
import type { Recorder } from '../recordings';
import { Arrivals } from './Arrivals';
import { closeBrowser } from './closeBrowser';
import type { ContactGuard } from './ContactGuard';
import { ENDINGS } from './endingMessages';
import {
  type Handshake,
  type HandshakeRefusal,
  isRefusal,
  judgeHandshake,
} from './handshake';
import { LiveSession } from './LiveSession';
import { openEvent } from './openEvent';
import type { OutputShare } from './OutputShare';
import type { PodFate } from './PodFate';
import {
  type AdmittedSession,
  type SessionAdmission,
  SessionRefusedError,
} from './SessionAdmission';
import { SessionIdentity } from './SessionIdentity';
import { SessionRecheck } from './SessionRecheck';
import type { SessionRegistry } from './SessionRegistry';
import { SILENCE_MS } from './SilenceWatch';
import { hashTicket } from './ticket';
import { tolerateErrors } from './tolerateErrors';
import type { SessionAuthority } from './types';

/** Sockets that may be on their way in at once: whoever sends made-up tickets must not fill our memory. */
const MAX_ARRIVING = 200;

/** A browser's WebSocket that has just been opened. */
interface Arrival extends Handshake {
  browser: WebSocket;
}

export interface SessionGatewayOptions {
  sessions: SessionStore;
  admission: SessionAdmission;
  authority: SessionAuthority;
  contact: Pick<ContactGuard, 'problem' | 'watch'>;
  share: OutputShare;
  fate: PodFate;
  registry: SessionRegistry;
  refusals: RefusalTrail;
  clock: Clock;
  logger: LoggerService;
  /** Exact origins of pages that may open a session. */
  allowedOrigins: readonly string[];
  idleMs: number;
  /** The id of this process. */
  replica: string;
  /** Makes the recording of a session, where sessions are recorded. */
  createRecorder: (session: StoredSession) => Recorder | undefined;
}

/**
 * Where browsers' WebSockets arrive.
 *
 * What can be judged by the headers alone is refused before the upgrade, with a status and nothing else. From then
 * on the order is fixed: the ticket is taken (once, on any replica) → the session is known in this process, so that
 * an end of its request reaches it → everything is checked on the server → the exec is opened → the container is
 * compared again → the session is on record as open → the first byte flows. Until then the browser's socket is not
 * read. A refusal after the upgrade says why in words, because browsers show no HTTP status of an upgrade.
 */
export class SessionGateway {
  readonly #options: SessionGatewayOptions;
  readonly #arrivals = new Arrivals(MAX_ARRIVING);
  readonly #sockets = new WebSocketServer({
    noServer: true,
    clientTracking: false,
    perMessageDeflate: false,
    autoPong: false,
    // One more for the channel byte.
    maxPayload: MAX_CLIENT_FRAME_BYTES + 1,
    // The ticket is never echoed.
    handleProtocols: () => SESSION_PROTOCOL,
  });
  #stopped = false;

  constructor(options: SessionGatewayOptions) {
    this.#options = options;
  }

  /** Takes over a connection that asks to be upgraded. */
  accept(
    sessionId: string,
    request: IncomingMessage,
    socket: Duplex,
    head: Buffer,
  ): void {
    const handshake = this.#judge(sessionId, request);
    if (isRefusal(handshake)) {
      this.#putOnRecord(handshake.reason, sessionId);
      refuseUpgrade(socket, handshake);
      return;
    }
    try {
      this.#sockets.handleUpgrade(request, socket, head, browser =>
        this.#welcome({ ...handshake, browser }),
      );
    } catch (error) {
      // `ws` throws when a socket comes twice. That is ours to survive: we run in other people's process.
      this.#options.logger.error(
        `The WebSocket of session ${sessionId} could not be upgraded: ${error}`,
      );
      socket.destroy();
    }
  }

  /** From now on nobody comes in. Open sessions are not touched. */
  stop(): void {
    this.#stopped = true;
  }

  #judge(
    sessionId: string,
    request: IncomingMessage,
  ): Handshake | HandshakeRefusal {
    if (this.#stopped || this.#arrivals.isFull) {
      return { status: 503, reason: 'busy' };
    }
    return judgeHandshake(
      sessionId,
      request.headers,
      this.#options.allowedOrigins,
    );
  }

  /** Who it was is not known: whoever has no good ticket has no name here. */
  #putOnRecord(reason: string, sessionId: string): void {
    const { refusals, logger } = this.#options;
    refusals
      .record({
        actor: OUTSIDE_ACTOR,
        action: 'session-open',
        reason,
        meta: { session: sessionId },
      })
      .catch(error =>
        logger.error(`A refused session could not be put on record: ${error}`),
      );
  }

  #welcome(arrival: Arrival): void {
    const { logger, clock } = this.#options;
    const { browser, sessionId } = arrival;
    tolerateErrors(browser);
    answerPings(browser);
    browser.pause();
    const settle = this.#arrivals.add();
    this.#enter(arrival, settle)
      .catch(error => {
        logger.error(`Session ${sessionId} could not be opened: ${error}`);
        closeBrowser(browser, ENDINGS.internal, clock);
      })
      .finally(settle);
  }

  /** @param settle - called when it is decided, which may be before the last call is answered */
  async #enter(arrival: Arrival, settle: () => void): Promise<void> {
    const { sessions, registry, clock, contact, share, logger } = this.#options;
    const { browser } = arrival;
    const problem = contact.problem();
    if (problem) {
      closeBrowser(browser, problem, clock);
      return;
    }
    const session = await this.#redeem(arrival, settle);
    if (!session) {
      this.#putOnRecord('bad-ticket', arrival.sessionId);
      closeBrowser(browser, ENDINGS.badTicket, clock);
      return;
    }
    const stopWatching = contact.watch(session.clusterUid);
    const live = new LiveSession({
      session,
      browser,
      clock,
      share,
      sessions,
      logger,
      onEnd: ended => {
        settle();
        stopWatching();
        registry.remove(ended);
      },
    });
    registry.add(live);
    if (browser.readyState !== browser.OPEN) {
      live.end(ENDINGS.browserClosed);
      return;
    }
    await this.#letIn(live);
  }

  /** Nobody is kept waiting by a database that does not answer. What it answers later is still seen to. */
  async #redeem(
    { browser, sessionId, ticket }: Arrival,
    settle: () => void,
  ): Promise<StoredSession | undefined> {
    const { sessions, clock, replica } = this.#options;
    const cancel = clock.schedule(SILENCE_MS, () => {
      closeBrowser(browser, ENDINGS.cannotTell, clock);
      settle();
    });
    try {
      return await sessions.redeem(sessionId, hashTicket(ticket), replica);
    } finally {
      cancel();
    }
  }

  async #letIn(live: LiveSession): Promise<void> {
    const { admission, idleMs, createRecorder, logger } = this.#options;
    const { session } = live;
    try {
      const admitting = admission.admit(session, () => !live.ended);
      live.hold(admitting);
      const admitted = await admitting;
      try {
        await this.#markOpen(live, admitted);
      } catch (error) {
        admitted.upstream.terminate();
        throw error;
      }
      const identity = this.#identityOf(live);
      const recheck = new SessionRecheck({
        ...this.#options,
        session,
        identity,
      });
      live.start({
        admitted,
        idleMs,
        recorder: session.recorded ? createRecorder(session) : undefined,
        recheck: () => recheck.run(),
        onIdentity: token => identity.hear(token),
        explain: () => this.#options.fate.of(session),
      });
      if (this.#stopped) {
        live.end(ENDINGS.shuttingDown);
      }
    } catch (error) {
      if (error instanceof SessionRefusedError) {
        if (error.cause) {
          logger.warn(
            `Session ${session.id} of request ${session.requestId} was not let in: ${error.cause}`,
          );
        }
        live.refuse(error.reason, error.end);
        return;
      }
      live.refuse('internal', ENDINGS.internal);
      throw error;
    }
  }

  /** On record before the first byte, or not at all. */
  async #markOpen(live: LiveSession, admitted: AdmittedSession): Promise<void> {
    if (live.ended) {
      return;
    }
    const { session } = live;
    const { sessions, replica } = this.#options;
    const isOpen = await sessions.markOpen(session.id, replica, [
      openEvent(session, admitted),
    ]);
    if (!isOpen) {
      // This process was taken for dead, and its sessions were closed.
      throw new SessionRefusedError('closed-meanwhile', ENDINGS.cannotTell);
    }
  }

  #identityOf(live: LiveSession): SessionIdentity {
    const { logger } = this.#options;
    const { session } = live;
    return new SessionIdentity({
      ...this.#options,
      session,
      onOtherUser: () => live.end(ENDINGS.otherUser),
      onError: error =>
        logger.error(
          `What was said about who is in session ${session.id} could not be put on record: ${error}`,
        ),
    });
  }
}

function refuseUpgrade(socket: Duplex, { status }: HandshakeRefusal): void {
  socket.on('error', () => socket.destroy());
  socket.end(
    `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n` +
      'Connection: close\r\nContent-Length: 0\r\n\r\n',
  );
}
