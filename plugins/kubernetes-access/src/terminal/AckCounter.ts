import { FLOW_CONTROL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/**
 * Counts the bytes that have reached the screen and says so now and then, so that the gateway knows when to wait:
 * a flood must not pile up in front of a slow browser.
 */
export class AckCounter {
  readonly #send: (bytes: number) => void;
  #bytes = 0;

  constructor(send: (bytes: number) => void) {
    this.#send = send;
  }

  add(bytes: number): void {
    this.#bytes += bytes;
    if (this.#bytes >= FLOW_CONTROL.ack) {
      this.#send(this.#bytes);
      this.#bytes = 0;
    }
  }
}
