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
import { Heartbeat } from './Heartbeat';
import { OutputFlow } from './OutputFlow';
import { OutputTurn } from './OutputTurn';
import { ResizeThrottle } from './ResizeThrottle';
import { tolerateErrors } from './tolerateErrors';

/** Above this many bytes that the cluster has not taken, the browser is not read any more; below `low` it is again. */
const INPUT_FLOW = { high: 1024 * 1024, low: 256 * 1024 };

/** How long the stream may stay open and silent after the shell has ended. */
const LINGER_MS = 2_000;

/** Of a command that was killed from outside, as all of a container are that goes. */
const KILLED = 137;

const BINARY = { binary: true, compress: false };

export interface ExecBridgeOptions {
  /** Open; may be paused. */
  browser: WebSocket;
  /** Open and paused, so that nothing is lost before the bridge listens. */
  upstream: WebSocket;
  clock: Clock;
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
  readonly #flow = new OutputFlow();
  readonly #turn: OutputTurn;
  readonly #status = new ExecStatusReader();
  #heartbeats: Heartbeat[] = [];
  #started = false;
  #ended = false;
  #bytesIn = 0;
  #lastActivity: number;
  #outputPaused = false;
  #turnSpent = false;
  #inputPaused = false;
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
    this.#turn = new OutputTurn({
      now: () => options.clock.monotonic(),
      onOutput: frame => this.#show(frame),
      onSpent: () => this.#waitForNextTurn(),
      onNext: () => this.#takeNextTurn(),
    });
    this.#lastActivity = options.clock.monotonic();
    tolerateErrors(this.#browser);
    tolerateErrors(this.#upstream);
  }

  /** Bytes typed and printed. */
  get traffic(): { bytesIn: number; bytesOut: number } {
    return { bytesIn: this.#bytesIn, bytesOut: this.#flow.total };
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
    this.#turn.flush();
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
    this.#turn.add(frame);
  }

  #show(frame: Buffer): void {
    this.#flow.sent(frame.length - 1);
    this.#browser.send(frame, BINARY);
    this.#tap?.output(frame);
    if (
      !this.#outputPaused &&
      this.#flow.mustPause(this.#browser.bufferedAmount, !this.#inputPaused)
    ) {
      this.#outputPaused = true;
      this.#upstream.pause();
      this.#probeDrain();
    }
  }

  #resumeOutput(): void {
    if (
      this.#outputPaused &&
      this.#flow.mayResume(this.#browser.bufferedAmount, !this.#inputPaused)
    ) {
      this.#outputPaused = false;
      this.#readUpstream();
    }
  }

  #waitForNextTurn(): void {
    this.#turnSpent = true;
    this.#upstream.pause();
  }

  #takeNextTurn(): void {
    this.#turnSpent = false;
    this.#readUpstream();
  }

  #readUpstream(): void {
    if (!this.#outputPaused && !this.#turnSpent && !this.#ended) {
      this.#upstream.resume();
    }
  }

  /**
   * While acknowledgements are heard, they say when to go on. While they are not, a ping does: its callback comes
   * when everything before it has left our socket.
   */
  #probeDrain(): void {
    if (
      this.#outputPaused &&
      this.#inputPaused &&
      this.#browser.readyState === this.#browser.OPEN
    ) {
      this.#browser.ping(undefined, undefined, () => this.#resumeOutput());
    }
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
      if (this.#outputPaused || silence < LINGER_MS) {
        this.#linger();
        return;
      }
      this.#endAfterShell();
    });
  }

  #outcome(): ExecOutcome | undefined {
    return this.#status.outcome(this.#bytesIn > 0);
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
    const outcome = this.#outcome();
    if (outcome?.code === KILLED) {
      this.#endExplained(ENDINGS.shellEnded, outcome);
      return;
    }
    if (outcome?.code === null && !outcome.noShell) {
      // What the API server says of it names the node's address and the command: that is nothing for browsers.
      this.#endExplained(ENDINGS.notRun);
      return;
    }
    this.end(outcome?.noShell ? ENDINGS.noShell : ENDINGS.shellEnded, outcome);
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
        this.#flow.acknowledged(frame.bytes, this.#browser.bufferedAmount);
        this.#resumeOutput();
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
    if (
      frame.length === 1 ||
      this.#upstream.readyState !== this.#upstream.OPEN
    ) {
      return;
    }
    this.#lastActivity = this.#clock.monotonic();
    this.#bytesIn += frame.length - 1;
    this.#upstream.send(frame, BINARY, this.#onInputTaken);
    if (!this.#inputPaused && this.#upstream.bufferedAmount > INPUT_FLOW.high) {
      this.#inputPaused = true;
      this.#browser.pause();
      this.#probeDrain();
    }
  }

  readonly #onInputTaken = () => {
    if (
      this.#inputPaused &&
      !this.#ended &&
      this.#upstream.bufferedAmount < INPUT_FLOW.low
    ) {
      this.#inputPaused = false;
      this.#browser.resume();
    }
  };

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
