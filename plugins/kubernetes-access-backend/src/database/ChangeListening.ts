import type { Cancel, Clock } from '../controller/Clock';
import type { ChangeNotice } from './changeNotice';
import { readNotice } from './changeNotice';
import { inTime } from './inTime';
import type { RawConnection } from './rawConnection';

const RECONNECT_MS = 1_000;
const CONNECT_MS = 5_000;
/** A connection that died without a word is found by asking it something. */
const PROBE_MS = 10_000;
const PROBE_TIMEOUT_MS = 5_000;

/** Listens on a connection of its own for what other replicas say, and connects again whenever that breaks. */
export class ChangeListening {
  readonly #connect: () => Promise<RawConnection>;
  readonly #channel: string;
  readonly #clock: Clock;
  readonly #onNotice: (notice: ChangeNotice) => void;
  readonly #onListening: () => void;
  #connection: RawConnection | undefined;
  #cancel: Cancel = () => {};
  #isStopped = false;

  /** @param options - `onListening` is called whenever it begins to listen: what was said before was not heard */
  constructor(options: {
    connect: () => Promise<RawConnection>;
    channel: string;
    clock: Clock;
    onNotice: (notice: ChangeNotice) => void;
    onListening: () => void;
  }) {
    this.#connect = options.connect;
    this.#channel = options.channel;
    this.#clock = options.clock;
    this.#onNotice = options.onNotice;
    this.#onListening = options.onListening;
  }

  /** Resolves after the first attempt, whether it worked or not: without it, changes are only heard of later. */
  async start(): Promise<void> {
    await this.#tryToListen();
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#cancel();
    const connection = this.#connection;
    this.#connection = undefined;
    await connection?.end();
  }

  async #tryToListen(): Promise<void> {
    const connecting = this.#connect();
    try {
      await this.#listen(await inTime(this.#clock, CONNECT_MS, connecting));
    } catch {
      // It may come about yet, and nobody would know of it.
      connecting.then(late => late.end()).catch(() => {});
      this.#connection = undefined;
      this.#again();
    }
  }

  async #listen(connection: RawConnection): Promise<void> {
    // Without a listener, an error of the socket would end the process.
    connection.on('error', () => this.#lost(connection));
    connection.on('end', () => this.#lost(connection));
    if (this.#isStopped) {
      await connection.end();
      return;
    }
    this.#connection = connection;
    connection.on('notification', ({ payload }) => {
      const notice = readNotice(payload);
      if (notice && this.#connection === connection) {
        this.#onNotice(notice);
      }
    });
    await inTime(
      this.#clock,
      CONNECT_MS,
      connection.query(`listen "${this.#channel.replace(/"/g, '""')}"`),
    );
    this.#onListening();
    this.#probeLater(connection);
  }

  #probeLater(connection: RawConnection): void {
    this.#cancel = this.#clock.schedule(PROBE_MS, () => {
      inTime(this.#clock, PROBE_TIMEOUT_MS, connection.query('select 1'))
        .then(() => {
          if (this.#connection === connection) {
            this.#probeLater(connection);
          }
        })
        .catch(() => this.#lost(connection));
    });
  }

  #lost(connection: RawConnection): void {
    if (this.#connection !== connection) {
      return;
    }
    this.#connection = undefined;
    this.#cancel();
    connection.end().catch(() => {});
    this.#again();
  }

  #again(): void {
    this.#cancel();
    if (!this.#isStopped) {
      this.#cancel = this.#clock.schedule(RECONNECT_MS, () => {
        this.#tryToListen();
      });
    }
  }
}
