import type { Cancel } from './Clock';
import type { LeaseObject } from './leaseObject';
import {
  durationOf,
  heldBy,
  holderOf,
  releasedFrom,
  signOfLife,
} from './leaseObject';
import type { LeaseOptions, LeaseTimes, Verdict } from './leaseOptions';

/** The proportions are those of Kubernetes' own controllers. */
const TIMES: LeaseTimes = {
  durationMs: 15_000,
  giveUpMs: 10_000,
  renewMs: 5_000,
  retryMs: 2_000,
};
/** So much of a pause is added at random, lest many candidates ask in step. */
const JITTER = 0.2;
/** However often what it carries changes, it is not written more often than this. */
const MIN_GAP_MS = 200;
/** A process that ends does not wait longer than this to give its lease back. */
const RELEASE_TIMEOUT_MS = 2_000;

/**
 * Lets at most one of many processes do something: the holder of a `coordination.k8s.io` Lease.
 *
 * Nobody compares wall clocks: a holder counts by its own monotonic clock from before its last renewal, the others by
 * theirs from when they saw it. A process that stood still finds by {@link Lease.isHeld} that its time is up before it
 * does anything else. No lease can stop a call that is already on its way.
 */
export class Lease {
  readonly #options: LeaseOptions;
  readonly #times: LeaseTimes;
  /** The Lease as it was last read or written, while nothing speaks against it. */
  #current: LeaseObject | undefined;
  /** When this process heard the last sign of life of whoever holds it. */
  #heard: { sign: string; at: number } | undefined;
  /** On the monotonic clock. */
  #heldUntil = -Infinity;
  #isHolder = false;
  #isStopped = false;
  #refusal: string | undefined;
  #isReviewed = false;
  #problem: string | undefined;
  #cancelGivingUp: Cancel = () => {};
  #wake: () => void = () => {};
  /** Moves the end of a pause forward. */
  #hasten: () => void = () => {};
  #isRenewalWanted = false;
  /** On the monotonic clock. */
  #writtenAt = -Infinity;
  #loop: Promise<void> | undefined;

  constructor(options: LeaseOptions) {
    this.#options = options;
    this.#times = { ...TIMES, ...options.times };
  }

  /** Whether this process holds the lease at this very moment. */
  get isHeld(): boolean {
    return this.leftMs > 0;
  }

  /** For how long this process may still act on what it holds, should no renewal succeed. */
  get leftMs(): number {
    return this.#isHolder && !this.#isStopped
      ? Math.max(0, this.#heldUntil - this.#options.clock.monotonic())
      : 0;
  }

  /** Who held it when this process last looked. */
  get holder(): string | undefined {
    return this.#current && holderOf(this.#current);
  }

  start(): void {
    this.#loop ??= this.#run();
  }

  /** What the review will say has changed: a holder renews soon, so that the Lease carries it. */
  renewSoon(): void {
    if (this.#isHolder) {
      this.#isRenewalWanted = true;
      this.#hasten();
    }
  }

  /** From now on it is not held. It stays in this process's name until {@link Lease.release}. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelGivingUp();
    this.#wake();
    await this.#loop;
  }

  /** Gives it back, so that the next one need not wait. Only after {@link Lease.stop}. Never rejects. */
  async release(): Promise<void> {
    const { client, path, name, holder, clock, logger } = this.#options;
    const current = this.#current;
    if (!this.#isHolder || !current || holderOf(current) !== holder) {
      return;
    }
    this.#isHolder = false;
    try {
      // With the version that was last written: what somebody else has taken meanwhile is not touched.
      await client.replace(
        `${path}/${name}`,
        releasedFrom(current, clock.now()),
        { timeoutMs: RELEASE_TIMEOUT_MS, lane: 'lease' },
      );
    } catch (error) {
      logger.debug(`Lease ${name} could not be given back: ${error}`);
    }
  }

  /** Never rejects. */
  async #run(): Promise<void> {
    while (!this.#isStopped) {
      const isFine = await this.#look().then(
        () => this.#succeed(),
        error => this.#fail(error),
      );
      await this.#pause(this.#pauseAfter(isFine));
    }
  }

  /** A holder whose renewal failed has little time. */
  #pauseAfter(isFine: boolean): number {
    const { renewMs, retryMs } = this.#times;
    if (!this.#isHolder) {
      return retryMs;
    }
    return isFine ? renewMs : retryMs / 4;
  }

  /** So that a renewal that hangs leaves time for another one. */
  get #callTimeoutMs(): number {
    const { giveUpMs, renewMs } = this.#times;
    return (giveUpMs - renewMs) / 2;
  }

  async #look(): Promise<void> {
    this.#isRenewalWanted = false;
    const wasHolder = this.#isHolder;
    try {
      await this.#takeOrFollow();
    } catch (error) {
      this.#current = undefined;
      if (!isConflict(error) && !isNotFound(error)) {
        throw error;
      }
      if (wasHolder) {
        // Somebody else wrote to it: who holds it now has to be known at once.
        await this.#takeOrFollow();
      }
    }
  }

  async #takeOrFollow(): Promise<void> {
    const { onRefusal } = this.#options;
    const current =
      (this.#isHolder ? this.#current : undefined) ?? (await this.#read());
    const verdict = await this.#review(current?.metadata.annotations ?? {});
    const refusal = 'refusal' in verdict ? verdict.refusal : undefined;
    if (!this.#isReviewed || this.#refusal !== refusal) {
      this.#isReviewed = true;
      this.#refusal = refusal;
      onRefusal?.(refusal);
    }
    if ('refusal' in verdict) {
      this.#lose('it may not hold it any more');
      return;
    }
    if (current && !this.#isFree(current)) {
      this.#lose(`${holderOf(current)} holds it now`);
      return;
    }
    if (!this.#isStopped) {
      await this.#write(current, verdict.annotations);
    }
  }

  /** What a review waits for may hang; the lease must not. */
  async #review(annotations: Record<string, string>): Promise<Verdict> {
    const { review, clock } = this.#options;
    if (!review) {
      return { annotations: {} };
    }
    const timeoutMs = this.#callTimeoutMs;
    let cancel: Cancel = () => {};
    const isLate = new Promise<never>((_, reject) => {
      cancel = clock.schedule(timeoutMs, () =>
        reject(new Error(`it could not be reviewed within ${timeoutMs} ms`)),
      );
    });
    try {
      return await Promise.race([review(annotations), isLate]);
    } finally {
      cancel();
    }
  }

  async #read(): Promise<LeaseObject | undefined> {
    const { client, path, name } = this.#options;
    try {
      this.#current = await client.get<LeaseObject>(`${path}/${name}`, {
        timeoutMs: this.#callTimeoutMs,
        lane: 'lease',
      });
    } catch (error) {
      if (!isNotFound(error)) {
        throw error;
      }
      this.#current = undefined;
    }
    return this.#current;
  }

  /** Whether this process may take it: it is its own, nobody's, or its holder gave no sign of life for too long. */
  #isFree(current: LeaseObject): boolean {
    const holder = holderOf(current);
    if (holder === undefined || holder === this.#options.holder) {
      return true;
    }
    const now = this.#options.clock.monotonic();
    const sign = signOfLife(current);
    if (this.#heard?.sign !== sign) {
      this.#heard = { sign, at: now };
    }
    const waited = now - this.#heard.at;
    return waited >= durationOf(current, this.#times.durationMs);
  }

  async #write(
    current: LeaseObject | undefined,
    annotations: Record<string, string>,
  ): Promise<void> {
    const { client, path, clock } = this.#options;
    const { name, namespace, labels = {}, holder } = this.#options;
    const { durationMs, giveUpMs } = this.#times;
    const wanted = heldBy(holder, {
      name,
      namespace,
      labels,
      annotations,
      durationMs,
      now: clock.now(),
      current,
    });
    const options = { timeoutMs: this.#callTimeoutMs, lane: 'lease' as const };
    const before = clock.monotonic();
    this.#current = current
      ? await client.replace<LeaseObject>(`${path}/${name}`, wanted, options)
      : await client.create<LeaseObject>(path, wanted, options);
    this.#writtenAt = before;
    this.#hold(before + giveUpMs);
  }

  #hold(until: number): void {
    const { clock, name, logger, onAcquire } = this.#options;
    const isNew = !this.#isHolder;
    this.#isHolder = true;
    this.#heldUntil = until;
    this.#cancelGivingUp();
    if (this.#isStopped) {
      return;
    }
    this.#cancelGivingUp = clock.schedule(until - clock.monotonic(), () =>
      this.#lose('it could not be renewed in time'),
    );
    if (isNew) {
      logger.info(`This process holds lease ${name}`);
      onAcquire();
    }
  }

  #lose(why: string): void {
    this.#cancelGivingUp();
    if (this.#isHolder) {
      this.#isHolder = false;
      this.#options.logger.warn(
        `This process no longer holds lease ${this.#options.name}: ${why}`,
      );
      this.#options.onLose(why);
    }
  }

  #succeed(): boolean {
    this.#problem = undefined;
    return true;
  }

  /** Says the same once, however often it happens in a row. */
  #fail(error: unknown): boolean {
    const { name, logger } = this.#options;
    const problem = error instanceof Error ? error.message : String(error);
    if (this.#problem !== problem && !this.#isStopped && !isConflict(error)) {
      logger.warn(`Lease ${name} cannot be taken or renewed: ${problem}`);
    }
    this.#problem = problem;
    return false;
  }

  /** Ends early when the lease is stopped. */
  async #pause(ms: number): Promise<void> {
    const { clock, random = Math.random } = this.#options;
    if (this.#isStopped) {
      return;
    }
    // A holder may be early, never late.
    const jitter = this.#isHolder ? -JITTER : JITTER;
    const regular = ms * (1 + jitter * random());
    await new Promise<void>(resolve => {
      let cancel = clock.schedule(
        this.#isRenewalWanted ? this.#untilNextWrite() : regular,
        resolve,
      );
      this.#wake = () => {
        cancel();
        resolve();
      };
      this.#hasten = () => {
        cancel();
        cancel = clock.schedule(this.#untilNextWrite(), resolve);
      };
    });
    this.#hasten = () => {};
  }

  #untilNextWrite(): number {
    const now = this.#options.clock.monotonic();
    return Math.max(0, this.#writtenAt + MIN_GAP_MS - now);
  }
}

function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

function isConflict(error: unknown): boolean {
  return statusOf(error) === 409;
}

/** The HTTP status with which the API server refused a call, if that is what the error says. */
function statusOf(error: unknown): number | undefined {
  const status = (error as { status?: unknown } | null)?.status;
  return typeof status === 'number' ? status : undefined;
}
