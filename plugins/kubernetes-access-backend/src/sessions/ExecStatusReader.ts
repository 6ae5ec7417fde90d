import {
  type ExecOutcome,
  MAX_STATUS_BYTES,
  readExecStatus,
} from './execStatus';

/** A status comes in one frame; one that dribbles in would be parsed over and over. */
const MAX_STATUS_FRAMES = 64;

/** Puts together what comes on the error channel of one stream. */
export class ExecStatusReader {
  #status = Buffer.alloc(0);
  #frames = 0;

  /** @returns whether it was taken: more than a status can have is not */
  add(payload: Buffer): boolean {
    this.#frames += 1;
    if (
      this.#frames > MAX_STATUS_FRAMES ||
      this.#status.length + payload.length > MAX_STATUS_BYTES
    ) {
      return false;
    }
    this.#status = Buffer.concat([this.#status, payload]);
    return true;
  }

  /**
   * How the shell ended, once that is known.
   *
   * @param used - whether anything was typed
   */
  outcome(used: boolean): ExecOutcome | undefined {
    return readExecStatus(this.#status, used);
  }
}
