import type { LoggerService } from '@backstage/backend-plugin-api';
import type { WebSocket } from 'ws';
import type { AuditEvent } from '../audit/types';
import type { Clock } from '../controller/Clock';
import type { SessionStore, StoredSession } from '../database/types';
import type { Recorder } from '../recordings';
import { closeBrowser } from './closeBrowser';
import { ENDINGS, type SessionEnd } from './endingMessages';
import { ExecBridge } from './ExecBridge';
import type { OutputShare } from './OutputShare';
import type { AdmittedSession } from './SessionAdmission';
import { SessionGuard } from './SessionGuard';
import { tolerateErrors } from './tolerateErrors';
import { within } from './within';

/** An end that could not be put on record is tried again until it is: after a second, then ever more slowly. */
const CLOSE_RETRY = { firstMs: 1_000, maxMs: 30_000 };

/** After a session has ended its admission begins no shell; one that it was beginning takes no longer than this. */
const ADMISSION_LIMIT_MS = 30_000;

/** Whoever stores something for a session that has ended is not waited for any longer than this. */
const STORE_LIMIT_MS = 10_000;

export interface LiveSessionOptions {
  session: StoredSession;
  browser: WebSocket;
  clock: Clock;
  share: OutputShare;
  sessions: SessionStore;
  logger: LoggerService;
  /** Called in the same tick in which the session ends. */
  onEnd: (live: LiveSession) => void;
}

export interface StartOptions {
  admitted: AdmittedSession;
  recorder?: Recorder;
  idleMs: number;
  recheck: () => Promise<SessionEnd | undefined>;
  onIdentity?: (token: string) => void;
  explain?: () => Promise<SessionEnd | undefined>;
}

/**
 * One session from the redemption of its ticket to its end. It can be ended at any instant, also while it is still
 * being let in; whoever is letting it in looks at {@link LiveSession.ended} after each wait.
 */
export class LiveSession {
  readonly session: StoredSession;
  readonly #browser: WebSocket;
  readonly #clock: Clock;
  readonly #share: OutputShare;
  readonly #sessions: SessionStore;
  readonly #logger: LoggerService;
  readonly #onEnd: (live: LiveSession) => void;
  #bridge: ExecBridge | undefined;
  #guard: SessionGuard | undefined;
  #recorder: Recorder | undefined;
  #end: SessionEnd | undefined;
  #refusal: string | undefined;
  #admission: Promise<unknown> = Promise.resolve();
  #markClosed: () => void = () => {};
  /** Resolves when the end is on record. */
  readonly closed: Promise<void>;

  constructor(options: LiveSessionOptions) {
    this.session = options.session;
    this.#browser = options.browser;
    this.#clock = options.clock;
    this.#share = options.share;
    this.#sessions = options.sessions;
    this.#logger = options.logger;
    this.#onEnd = options.onEnd;
    const ended = new Promise<void>(resolve => {
      this.#markClosed = resolve;
    });
    this.closed = ended.then(() => this.#putEndOnRecord());
    tolerateErrors(this.#browser);
    this.#browser.on('close', this.#onEarlyClose);
  }

  get requestId(): string {
    return this.session.requestId;
  }

  /** How much has gone through it so far. */
  get traffic(): { bytesIn: number; bytesOut: number } {
    return this.#bridge?.traffic ?? { bytesIn: 0, bytesOut: 0 };
  }

  /** How it ended, if it has. */
  get ended(): SessionEnd | undefined {
    return this.#end;
  }

  /**
   * Until the admission has come to its end a shell may still begin. What is on record as closed is looked for
   * leftovers, so that must not come before.
   */
  hold(admission: Promise<unknown>): void {
    this.#admission = admission.catch(() => {});
  }

  /** Lets the bytes flow. Does nothing but close the stream when the session has ended meanwhile. */
  start(options: StartOptions): void {
    const { admitted, recorder, idleMs, recheck, onIdentity, explain } =
      options;
    if (this.#end) {
      admitted.upstream.terminate();
      return;
    }
    this.#browser.off('close', this.#onEarlyClose);
    this.#recorder = recorder;
    this.#bridge = new ExecBridge({
      browser: this.#browser,
      upstream: admitted.upstream,
      clock: this.#clock,
      share: this.#share,
      tap: recorder,
      onIdentity,
      explain,
      onEnd: end => this.#settle(end),
    });
    this.#guard = new SessionGuard({
      clock: this.#clock,
      deadline: admitted.deadline,
      idleMs,
      lastActivity: () => this.#bridge!.lastActivity,
      recheck,
      onEnd: end => this.end(end),
    });
    this.#bridge.start({
      ready: {
        type: 'ready',
        sessionId: this.session.id,
        expiresAt: admitted.expiresAt,
        remainingMs: Math.max(
          0,
          Math.round(admitted.deadline - this.#clock.monotonic()),
        ),
        recorded: recorder !== undefined,
      },
      columns: this.session.columns,
      rows: this.session.rows,
    });
  }

  /** Ends it now: no call to a cluster or the database comes before the sockets. */
  end(end: SessionEnd): void {
    if (this.#end) {
      return;
    }
    if (this.#bridge) {
      this.#bridge.end(end);
      return;
    }
    closeBrowser(this.#browser, end, this.#clock);
    this.#settle(end);
  }

  /** Ends a session that was never let in. */
  refuse(reason: string, end: SessionEnd): void {
    if (!this.#end) {
      this.#refusal = reason;
      this.end(end);
    }
  }

  readonly #onEarlyClose = () => this.end(ENDINGS.browserClosed);

  #settle(end: SessionEnd): void {
    this.#end = end;
    this.#guard?.dispose();
    this.#browser.off('close', this.#onEarlyClose);
    this.#onEnd(this);
    this.#markClosed();
  }

  async #putEndOnRecord(): Promise<void> {
    await within(this.#clock, ADMISSION_LIMIT_MS, this.#admission).catch(
      () => 'no shell begins any more',
    );
    const recording = await this.#finishRecording();
    const { traffic } = this;
    const event: AuditEvent = {
      eventId: this.#refusal ? 'access-refused' : 'session-close',
      actor: this.session.user,
      outcome: this.#refusal ? 'refused' : 'succeeded',
      requestId: this.session.requestId,
      meta: {
        session: this.session.id,
        reason: this.#refusal ?? this.#end!.reason,
        ...traffic,
        ...(recording
          ? {
              recordingComplete: recording.complete,
              segments: recording.segments,
            }
          : {}),
      },
    };
    // Closing what is closed changes nothing, so a try that was given up does no harm when it succeeds after all.
    await this.#untilDone(() =>
      this.#sessions.markClosed(
        this.session.id,
        { reason: this.#end!.message, ...traffic },
        [event],
      ),
    );
  }

  /** What is known of a recording that could not be finished is that it is not whole. */
  async #finishRecording() {
    const recorder = this.#recorder;
    return (
      recorder &&
      within(this.#clock, STORE_LIMIT_MS, recorder.end()).catch(
        () => ({ complete: false, segments: recorder.segments } as const),
      )
    );
  }

  async #untilDone(store: () => Promise<void>): Promise<void> {
    for (let delay = CLOSE_RETRY.firstMs; ; ) {
      try {
        await within(this.#clock, STORE_LIMIT_MS, store());
        return;
      } catch (error) {
        this.#logger.warn(
          `The end of session ${this.session.id} could not be put on record; it is tried again in ${delay} ms: ${error}`,
        );
      }
      await this.#wait(delay);
      delay = Math.min(2 * delay, CLOSE_RETRY.maxMs);
    }
  }

  async #wait(delayMs: number): Promise<void> {
    await new Promise<void>(resolve => {
      this.#clock.schedule(delayMs, resolve);
    });
  }
}
