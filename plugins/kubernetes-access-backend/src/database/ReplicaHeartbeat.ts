import type { LoggerService } from '@backstage/backend-plugin-api';
import type { Cancel, Clock } from '../controller/Clock';
import { inTime } from './inTime';
import { REPLICA_DEAD_MS } from './liveReplicas';
import type { DatabaseContact, Replica, ReplicaStore } from './types';

/** How often a replica says that it is alive. */
const BEAT_MS = 2_000;
/** An answer that takes longer is not waited for: the next beat may find a better connection. */
const BEAT_TIMEOUT_MS = 4_000;
/** With clocks further apart, instants of this process mean nothing to the others. */
const MAX_CLOCK_OFFSET_MS = 2_000;

/** The others count from the beat, which the answer comes after: so they may have counted more than we have. */
const TAKEN_FOR_DEAD_MS = REPLICA_DEAD_MS - BEAT_TIMEOUT_MS - 1_000;

interface Listener {
  silenceMs: number;
  tell: () => void;
  cancel: Cancel;
}

/**
 * Says in the database that this replica is alive, and knows from the answers whether the database can be heard and
 * how far its clock is from ours.
 */
export class ReplicaHeartbeat implements DatabaseContact {
  readonly #replicas: ReplicaStore;
  readonly #replica: Replica;
  readonly #clock: Clock;
  readonly #logger: LoggerService;
  readonly #listeners = new Set<Listener>();
  readonly #deathListeners = new Set<() => void>();
  #lastHeardAt: number;
  /** Our wall clock minus the database's, and minus our monotonic clock: what steps shows at once. */
  #measured: { offsetMs: number; wallMinusMonotonic: number } | undefined;
  #isStopped = false;
  #cancelBeat: Cancel = () => {};
  #isWarned = false;
  #failed = false;

  constructor(options: {
    replicas: ReplicaStore;
    replica: Replica;
    clock: Clock;
    logger: LoggerService;
  }) {
    this.#replicas = options.replicas;
    this.#replica = options.replica;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#lastHeardAt = options.clock.monotonic();
  }

  /** @throws whatever the database says when it cannot be reached now */
  async start(): Promise<void> {
    this.#lastHeardAt = this.#clock.monotonic();
    await this.#beat();
    await this.#replicas.forgetDead();
    this.#warnOfOffset();
    this.#beatLater();
  }

  /** Takes the replica off the list, so that nobody has to wait until it counts as dead. */
  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancelBeat();
    this.#listeners.forEach(listener => listener.cancel());
    this.#listeners.clear();
    await this.#replicas.remove(this.#replica.id);
  }

  lastHeardAt(): number {
    return this.#lastHeardAt;
  }

  clockOffsetMs(): number {
    if (!this.#measured) {
      return 0;
    }
    const { offsetMs, wallMinusMonotonic } = this.#measured;
    return offsetMs + (this.#wallMinusMonotonic() - wallMinusMonotonic);
  }

  isClockOff(): boolean {
    return Math.abs(this.clockOffsetMs()) > MAX_CLOCK_OFFSET_MS;
  }

  onSilent(silenceMs: number, tell: () => void): () => void {
    const listener: Listener = { silenceMs, tell, cancel: () => {} };
    this.#listeners.add(listener);
    this.#arm(listener);
    return () => {
      listener.cancel();
      this.#listeners.delete(listener);
    };
  }

  onTakenForDead(tell: () => void): () => void {
    this.#deathListeners.add(tell);
    return () => {
      this.#deathListeners.delete(tell);
    };
  }

  #beatLater(): void {
    if (this.#isStopped) {
      return;
    }
    this.#cancelBeat = this.#clock.schedule(BEAT_MS, () => {
      inTime(this.#clock, BEAT_TIMEOUT_MS, this.#beat())
        .then(() => this.#worked())
        .catch(error => this.#didNotWork(error))
        .finally(() => this.#beatLater());
    });
  }

  async #beat(): Promise<void> {
    const before = this.#clock.now();
    const databaseNow = (await this.#replicas.beat(this.#replica)).getTime();
    const after = this.#clock.now();
    if (this.#isStopped) {
      // It was already under way when the row was removed.
      await this.#replicas.remove(this.#replica.id);
      return;
    }
    this.#measured = {
      offsetMs: offsetBetween(before, after, databaseNow),
      wallMinusMonotonic: this.#wallMinusMonotonic(),
    };
    this.#heard();
  }

  #heard(): void {
    const now = this.#clock.monotonic();
    const silentMs = now - this.#lastHeardAt;
    this.#lastHeardAt = now;
    if (silentMs >= TAKEN_FOR_DEAD_MS) {
      this.#deathListeners.forEach(tell => tell());
    }
    for (const listener of this.#listeners) {
      listener.cancel();
      this.#arm(listener);
    }
  }

  #arm(listener: Listener): void {
    const silentAt = this.#lastHeardAt + listener.silenceMs;
    listener.cancel = this.#clock.schedule(
      Math.max(0, silentAt - this.#clock.monotonic()),
      listener.tell,
    );
  }

  #wallMinusMonotonic(): number {
    return this.#clock.now() - this.#clock.monotonic();
  }

  #worked(): void {
    if (this.#failed) {
      this.#failed = false;
      this.#logger.info('The database answers again');
    }
    this.#warnOfOffset();
  }

  #didNotWork(error: Error): void {
    if (!this.#failed && !this.#isStopped) {
      this.#failed = true;
      this.#logger.error(
        'The database does not answer. Terminals end after 5 s without it, and nothing can be asked for or decided',
        error,
      );
    }
  }

  #warnOfOffset(): void {
    if (this.isClockOff() === this.#isWarned) {
      return;
    }
    this.#isWarned = !this.#isWarned;
    if (this.#isWarned) {
      const seconds = (this.clockOffsetMs() / 1000).toFixed(1);
      this.#logger.error(
        `The clock of this process is ${seconds} s ahead of the database's: no terminals are opened here until they are less than ${
          MAX_CLOCK_OFFSET_MS / 1000
        } s apart. Set this machine's clock, for example by NTP`,
      );
    } else {
      this.#logger.info(
        "The clock of this process fits the database's again: terminals can be opened here",
      );
    }
  }
}

/** How far our clock is ahead at least: the database looked at its own at some instant between the two of ours. */
function offsetBetween(
  before: number,
  after: number,
  database: number,
): number {
  if (database < before) {
    return before - database;
  }
  return database > after ? after - database : 0;
}
