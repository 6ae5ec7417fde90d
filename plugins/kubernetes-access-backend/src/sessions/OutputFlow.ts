import { FLOW_CONTROL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/**
 * Counts the output that is on its way to a browser and says when to stop and go on reading from the cluster.
 * Knows no sockets.
 *
 * Normally what counts is what the browser has not written to its screen yet. While its own input is held back
 * we do not hear its acknowledgements; waiting for them would stop both directions for ever. Then only what still
 * waits in our own socket counts.
 */
export class OutputFlow {
  #sent = 0;
  #acknowledged = 0;

  /** Bytes of output, without the channel bytes. */
  get total(): number {
    return this.#sent;
  }

  sent(bytes: number): void {
    this.#sent += bytes;
  }

  /** What nobody can have seen yet cannot be acknowledged: a browser that boasts gains nothing. */
  acknowledged(bytes: number, waiting: number): void {
    this.#acknowledged = Math.max(
      this.#acknowledged,
      Math.min(this.#acknowledged + bytes, this.#sent - waiting),
    );
  }

  /** @param waiting - bytes in our own socket */
  mustPause(waiting: number, hearsAcks: boolean): boolean {
    return this.#outstanding(waiting, hearsAcks) > FLOW_CONTROL.high;
  }

  /** @param waiting - bytes in our own socket */
  mayResume(waiting: number, hearsAcks: boolean): boolean {
    return this.#outstanding(waiting, hearsAcks) < FLOW_CONTROL.low;
  }

  #outstanding(waiting: number, hearsAcks: boolean): number {
    return hearsAcks
      ? Math.max(waiting, this.#sent - this.#acknowledged)
      : waiting;
  }
}
