import {
  CHANNEL,
  type ServerMessage,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { WebSocket } from 'ws';
import type { Cancel, Clock } from '../controller/Clock';
import type { OutputTap } from '../recordings';
import { readClientFrame, resizeFrame } from './clientFrames';
import { closeBrowser, sendMessage } from './closeBrowser';
import { ENDINGS, type SessionEnd } from './endingMessages';
import type { ExecOutcome } from './execStatus';
import { ExecStatusReader } from './ExecStatusReader';
import { BINARY } from './frameOptions';
import { Heartbeat } from './Heartbeat';
import { InputPath } from './InputPath';
import { OutputPath } from './OutputPath';
import type { OutputShare } from './OutputShare';
import { ResizeThrottle } from './ResizeThrottle';
import { shellEnding } from './shellEnding';
import { tolerateErrors } from './tolerateErrors';

/** How long the stream may stay open and silent after the shell has ended. */
const LINGER_MS = 2_000;

export interface ExecBridgeOptions {
  /** Open; may be paused. */
  browser: WebSocket;
  /** Open and paused, so that nothing is lost before the bridge listens. */
  upstream: WebSocket;
  clock: Clock;
  share: OutputShare;
  tap?: OutputTap;
  /** Called with each token by which the browser says who is in front of it. Must not throw. */
  onIdentity?: (token: string) => void;
  /** Asked when the stream has ended without the shell's doing: what became of the container, if anything did. */
  explain?: () => Promise<SessionEnd | undefined>;
  /** Called once, when both sockets have been told. */
  onEnd: (end: SessionEnd) => void;
}

/**
 * Joins the browser's WebSocket and the cluster's exec stream until one of them ends.
 *
 * Both sides speak in binary frames that begin with Kubernetes' channel byte. Output is forwarded byte by
 * byte as it came, unparsed; what comes in one turn of the event loop goes on as one frame. Of what a browser sends,
 * only input and window sizes get through. Both directions hold the other side back when the receiver is slow.
 *
 * Owns its listeners and timers, all gone once it has ended. Never throws into the event loop.
 */
export class ExecBridge {
  readonly #browser: WebSocket;
  readonly #upstream: WebSocket;
  readonly #clock: Clock;
  readonly #tap: OutputTap | undefined;
  readonly #onIdentity: ((token: string) => void) | undefined;
  readonly #explain: () => Promise<SessionEnd | undefined>;
  readonly #onEnd: (end: SessionEnd) => void;
  readonly #sizes: ResizeThrottle;
  readonly #input: InputPath;
  readonly #output: OutputPath;
  readonly #status = new ExecStatusReader();
  #heartbeats: Heartbeat[] = [];
  #started = false;
  #ended = false;
  #lastActivity: number;
  #cancelLinger: Cancel | undefined;

  constructor(options: ExecBridgeOptions) {
    this.#browser = options.browser;
    this.#upstream = options.upstream;
    this.#clock = options.clock;
    this.#tap = options.tap;
    this.#onIdentity = options.onIdentity;
    this.#explain = options.explain ?? (async () => undefined);
    this.#onEnd = options.onEnd;
    this.#sizes = new ResizeThrottle(options.clock, (columns, rows) =>
      this.#resize(columns, rows),
    );
    this.#input = new InputPath({
      ...options,
      onHeldBack: () => this.#output.probeDrain(),
    });
    this.#output = new OutputPath({
      ...options,
      hearsAcks: () => !this.#input.isHeldBack,
    });
    this.#lastActivity = options.clock.monotonic();
    tolerateErrors(this.#browser);
    tolerateErrors(this.#upstream);
  }

  /** Bytes typed and printed. */
  get traffic(): { bytesIn: number; bytesOut: number } {
    return { bytesIn: this.#input.bytes, bytesOut: this.#output.bytes };
  }

  /** When something was last typed or printed, by the monotonic clock. */
  get lastActivity(): number {
    return this.#lastActivity;
  }

  start(options: {
    ready: ServerMessage;
    columns: number;
    rows: number;
  }): void {
    if (this.#started || this.#ended) {
      return;
    }
    this.#started = true;
    this.#upstream.on('message', this.#onUpstreamFrame);
    this.#upstream.on('close', this.#onUpstreamClose);
    this.#browser.on('message', this.#onBrowserFrame);
    this.#browser.on('error', this.#onBrowserError);
    this.#browser.on('close', this.#onBrowserClose);
    if (this.#upstream.readyState !== this.#upstream.OPEN) {
      this.end(ENDINGS.upstreamClosed);
      return;
    }
    if (this.#browser.readyState !== this.#browser.OPEN) {
      this.end(ENDINGS.browserClosed);
      return;
    }
    this.#heartbeats = [
      this.#watch(this.#browser, ENDINGS.browserLost),
      this.#watch(this.#upstream, ENDINGS.upstreamLost),
    ];
    sendMessage(this.#browser, options.ready);
    this.#resize(options.columns, options.rows);
    this.#upstream.resume();
    this.#browser.resume();
  }

  /** Ends both sides now: the stream to the cluster at once, the browser after it was told why. */
  end(end: SessionEnd, outcome?: ExecOutcome): void {
    if (this.#ended) {
      return;
    }
    this.#output.close();
    this.#input.close();
    this.#ended = true;
    this.#dispose();
    this.#upstream.terminate();
    if (outcome && !outcome.noShell) {
      sendMessage(this.#browser, {
        type: 'exit',
        code: outcome.code,
        ...(outcome.message ? { message: outcome.message } : {}),
      });
    }
    closeBrowser(this.#browser, end, this.#clock);
    this.#onEnd(end);
  }

  #watch(socket: WebSocket, lost: SessionEnd): Heartbeat {
    return new Heartbeat({
      socket,
      clock: this.#clock,
      onLost: () => this.end(lost),
    });
  }

  #dispose(): void {
    this.#heartbeats.forEach(heartbeat => heartbeat.dispose());
    this.#heartbeats = [];
    this.#cancelLinger?.();
    this.#sizes.dispose();
    this.#upstream.off('message', this.#onUpstreamFrame);
    this.#upstream.off('close', this.#onUpstreamClose);
    this.#browser.off('message', this.#onBrowserFrame);
    this.#browser.off('error', this.#onBrowserError);
    this.#browser.off('close', this.#onBrowserClose);
  }

  // From the cluster to the browser. Both sockets have ws' default binaryType, so data is one Buffer.

  readonly #onUpstreamFrame = (data: unknown, isBinary: boolean) => {
    const frame = data as Buffer;
    if (!isBinary) {
      this.end(ENDINGS.upstreamLost);
      return;
    }
    switch (frame[0]) {
      case CHANNEL.stdout:
      case CHANNEL.stderr:
        this.#forwardOutput(frame);
        break;
      case CHANNEL.error:
        this.#collectStatus(frame.subarray(1));
        break;
      default:
      // Nothing that a newer API server might say on another channel concerns a browser.
    }
  };

  #forwardOutput(frame: Buffer): void {
    if (frame.length === 1) {
      return;
    }
    this.#lastActivity = this.#clock.monotonic();
    this.#output.forward(frame);
  }

  #collectStatus(payload: Buffer): void {
    if (this.#status.add(payload) && this.#outcome()) {
      this.#linger();
    }
  }

  /** The API server closes the stream right after the status; the rest of the output comes before that. */
  #linger(): void {
    this.#cancelLinger?.();
    this.#cancelLinger = this.#clock.schedule(LINGER_MS, () => {
      const silence = this.#clock.monotonic() - this.#lastActivity;
      if (this.#output.isHeldBack || silence < LINGER_MS) {
        this.#linger();
        return;
      }
      this.#endAfterShell();
    });
  }

  #outcome(): ExecOutcome | undefined {
    return this.#status.outcome(this.#input.bytes > 0);
  }

  readonly #onUpstreamClose = (code: number) => {
    if (this.#outcome()) {
      this.#endAfterShell();
      return;
    }
    const abnormal = code === 1006;
    this.#endExplained(
      abnormal ? ENDINGS.upstreamLost : ENDINGS.upstreamClosed,
    );
  };

  #endAfterShell(): void {
    const { end, outcome, isDoubtful } = shellEnding(this.#outcome()!);
    if (isDoubtful) {
      this.#endExplained(end, outcome);
      return;
    }
    this.end(end, outcome);
  }

  /** Nothing flows any more. Whatever ends the session for another reason meanwhile comes first. */
  #endExplained(end: SessionEnd, outcome?: ExecOutcome): void {
    this.#cancelLinger?.();
    this.#upstream.terminate();
    this.#explain().then(
      fate => (fate ? this.end(fate) : this.end(end, outcome)),
      () => this.end(end, outcome),
    );
  }

  // From the browser to the cluster.

  readonly #onBrowserFrame = (data: unknown, isBinary: boolean) => {
    const frame = readClientFrame(data as Buffer, isBinary);
    switch (frame.kind) {
      case 'input':
        this.#forwardInput(frame.frame);
        break;
      case 'resize':
        this.#sizes.resize(frame.columns, frame.rows);
        break;
      case 'ack':
        this.#output.acknowledged(frame.bytes);
        break;
      case 'identity':
        this.#onIdentity?.(frame.token);
        break;
      default:
        this.end({
          reason: 'badFrame',
          message: `The browser sent ${frame.why}.`,
        });
    }
  };

  #forwardInput(frame: Buffer): void {
    if (this.#input.forward(frame)) {
      this.#lastActivity = this.#clock.monotonic();
    }
  }

  #resize(columns: number, rows: number): void {
    if (this.#upstream.readyState === this.#upstream.OPEN) {
      this.#upstream.send(resizeFrame(columns, rows), BINARY);
      this.#tap?.resize(columns, rows);
    }
  }

  /** `ws` closes the socket by itself after an error, with the code that fits. */
  readonly #onBrowserError = (error: Error) => {
    const { code } = error as NodeJS.ErrnoException;
    this.end(
      code?.startsWith('WS_ERR_')
        ? {
            reason: 'badFrame',
            message: 'The browser sent a frame that is too large or malformed.',
          }
        : ENDINGS.browserLost,
    );
  };

  readonly #onBrowserClose = (code: number) => {
    this.end(code === 1006 ? ENDINGS.browserLost : ENDINGS.browserClosed);
  };
}
