import type { WebSocket } from 'ws';
import { BINARY } from './frameOptions';
import type { OutputShare } from './OutputShare';

/** Above this many bytes that the cluster has not taken, the browser is not read any more; below `low` it is again. */
const INPUT_FLOW = { high: 1024 * 1024, low: 256 * 1024 };

export interface InputPathOptions {
  browser: WebSocket;
  upstream: WebSocket;
  share: OutputShare;
  /** The browser is not read any more, because the cluster is slow. */
  onHeldBack: () => void;
}

/** Input on its way from the browser to the cluster. */
export class InputPath {
  readonly #browser: WebSocket;
  readonly #upstream: WebSocket;
  readonly #share: OutputShare;
  readonly #onHeldBack: () => void;
  #bytes = 0;
  #isHeldBack = false;
  #isClosed = false;

  constructor(options: InputPathOptions) {
    this.#browser = options.browser;
    this.#upstream = options.upstream;
    this.#share = options.share;
    this.#onHeldBack = options.onHeldBack;
  }

  /** How much was typed, without the channel bytes. */
  get bytes(): number {
    return this.#bytes;
  }

  /** The cluster is slow. */
  get isHeldBack(): boolean {
    return this.#isHeldBack;
  }

  /**
   * @param frame - the channel byte and the input
   * @returns whether there was anything to forward
   */
  forward(frame: Buffer): boolean {
    if (
      frame.length === 1 ||
      this.#upstream.readyState !== this.#upstream.OPEN
    ) {
      return false;
    }
    this.#bytes += frame.length - 1;
    this.#share.noteInput(this.#upstream);
    this.#upstream.send(frame, BINARY, this.#onTaken);
    if (!this.#isHeldBack && this.#upstream.bufferedAmount > INPUT_FLOW.high) {
      this.#isHeldBack = true;
      this.#browser.pause();
      this.#onHeldBack();
    }
    return true;
  }

  close(): void {
    this.#isClosed = true;
  }

  readonly #onTaken = () => {
    if (
      this.#isHeldBack &&
      !this.#isClosed &&
      this.#upstream.bufferedAmount < INPUT_FLOW.low
    ) {
      this.#isHeldBack = false;
      this.#browser.resume();
    }
  };
}
