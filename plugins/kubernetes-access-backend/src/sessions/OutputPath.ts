import type { WebSocket } from 'ws';
import type { Cancel, Clock } from '../controller/Clock';
import type { OutputTap } from '../recordings';
import { BINARY } from './frameOptions';
import { OutputFlow } from './OutputFlow';
import type { OutputShare } from './OutputShare';
import { OutputTurn } from './OutputTurn';

export interface OutputPathOptions {
  browser: WebSocket;
  upstream: WebSocket;
  clock: Clock;
  share: OutputShare;
  tap?: OutputTap;
  /** Whether the browser is read, so that its acknowledgements are heard. */
  hearsAcks: () => boolean;
}

/**
 * Output on its way from the cluster to the browser and into the recording. The cluster is not read while the browser
 * is slow, nor once the session has had its share of a turn of the event loop, or of what the host has for floods.
 */
export class OutputPath {
  readonly #browser: WebSocket;
  readonly #upstream: WebSocket;
  readonly #clock: Clock;
  readonly #share: OutputShare;
  readonly #tap: OutputTap | undefined;
  readonly #hearsAcks: () => boolean;
  readonly #flow = new OutputFlow();
  readonly #turn: OutputTurn;
  #isHeldBack = false;
  #isSpent = false;
  #isClosed = false;
  #cancelRest: Cancel | undefined;

  constructor(options: OutputPathOptions) {
    this.#browser = options.browser;
    this.#upstream = options.upstream;
    this.#clock = options.clock;
    this.#share = options.share;
    this.#tap = options.tap;
    this.#hearsAcks = options.hearsAcks;
    this.#turn = new OutputTurn({
      now: () => options.clock.monotonic(),
      onOutput: frame => this.#show(frame),
      onSpent: () => this.#waitForNextTurn(),
      onNext: () => this.#takeNextTurn(),
    });
  }

  /** How much was shown, without the channel bytes. */
  get bytes(): number {
    return this.#flow.total;
  }

  /** The browser is slow. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  /** @param frame - the channel byte and the output */
  forward(frame: Buffer): void {
    this.#turn.add(frame);
  }

  acknowledged(bytes: number): void {
    this.#flow.acknowledged(bytes, this.#browser.bufferedAmount);
    this.#resume();
  }

  /**
   * While acknowledgements are heard, they say when to go on. While they are not, a ping does: its callback comes
   * when everything before it has left our socket.
   */
  probeDrain(): void {
    if (
      this.#isHeldBack &&
      !this.#hearsAcks() &&
      this.#browser.readyState === this.#browser.OPEN
    ) {
      this.#browser.ping(undefined, undefined, () => this.#resume());
    }
  }

  /** Shows what has come; there is nothing after it. */
  close(): void {
    this.#turn.flush();
    this.#isClosed = true;
    this.#cancelRest?.();
  }

  #show(frame: Buffer): void {
    this.#flow.sent(frame.length - 1);
    this.#browser.send(frame, BINARY);
    this.#tap?.output(frame);
    this.#rest(this.#share.restAfter(frame.length, this.#upstream));
    if (
      !this.#isHeldBack &&
      this.#flow.mustPause(this.#browser.bufferedAmount, this.#hearsAcks())
    ) {
      this.#isHeldBack = true;
      this.#upstream.pause();
      this.probeDrain();
    }
  }

  #resume(): void {
    if (
      this.#isHeldBack &&
      this.#flow.mayResume(this.#browser.bufferedAmount, this.#hearsAcks())
    ) {
      this.#isHeldBack = false;
      this.#read();
    }
  }

  #waitForNextTurn(): void {
    this.#isSpent = true;
    this.#upstream.pause();
  }

  #takeNextTurn(): void {
    this.#isSpent = false;
    this.#read();
  }

  /** What was read already is still shown, and lengthens the rest. */
  #rest(delayMs: number): void {
    if (delayMs === 0) {
      return;
    }
    this.#cancelRest?.();
    this.#upstream.pause();
    this.#cancelRest = this.#clock.schedule(delayMs, () => {
      this.#cancelRest = undefined;
      this.#read();
    });
  }

  #read(): void {
    const waits = this.#isHeldBack || this.#isSpent || this.#cancelRest;
    if (!waits && !this.#isClosed) {
      this.#upstream.resume();
    }
  }
}
