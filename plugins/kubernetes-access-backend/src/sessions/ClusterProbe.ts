import type { Cancel, Clock } from '../controller/Clock';
import type { KubeClient } from '../kubernetes/types';
import { SILENCE_MS, SilenceWatch } from './SilenceWatch';

const PROBE_MS = 1_000;

/**
 * Asks one cluster each second whether it is there, for as long as there are sessions in it. Whatever it answers is
 * an answer; only silence counts, as of a line that was cut or one that swallows everything.
 */
export class ClusterProbe {
  readonly #clock: Clock;
  readonly #client: () => KubeClient | undefined;
  readonly #silence: SilenceWatch;
  #cancel: Cancel = () => {};

  /** @param options - `client` is asked for anew each time; `onSilent` is called once */
  constructor(options: {
    clock: Clock;
    client: () => KubeClient | undefined;
    onSilent: () => void;
  }) {
    this.#clock = options.clock;
    this.#client = options.client;
    this.#silence = new SilenceWatch(options.clock, options.onSilent);
    this.#beat();
  }

  stop(): void {
    this.#cancel();
    this.#silence.stop();
  }

  #beat(): void {
    this.#cancel = this.#clock.schedule(PROBE_MS, () => this.#beat());
    // The next question does not wait for the answer to this one: a late answer is one, too.
    this.#client()
      ?.ping({ timeoutMs: SILENCE_MS })
      .then(
        () => this.#silence.heard(),
        () => undefined,
      );
  }
}
