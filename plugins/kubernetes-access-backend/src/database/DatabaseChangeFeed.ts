import type { LoggerService } from '@backstage/backend-plugin-api';
import { toError } from '@backstage/errors';
import type { Knex } from 'knex';
import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Cancel, Clock } from '../controller/Clock';
import { ChangeListeners } from './ChangeListeners';
import { ChangeListening } from './ChangeListening';
import type { ChangeNotice } from './changeNotice';
import { channelOf } from './changeNotice';
import { inTime } from './inTime';
import { isPostgres, openRawConnection } from './rawConnection';
import { TABLES } from './tables';
import type {
  ChangeFeed,
  ChangeListener,
  RequestStore,
  StoredRequest,
} from './types';

const POLL_MS = 1_000;
const POLL_TIMEOUT_MS = 5_000;

/** How far a request has been told. */
interface Told {
  revision: number;
  /** Unknown for what was there before we began to look. */
  entries: number | undefined;
}

/**
 * Tells of the changes of all replicas: of this process's own in the tick in which they are committed, of those of
 * others as soon as PostgreSQL says so, and, since that can get lost, by looking at the revisions of all unfinished
 * requests once a second. SQLite has one replica, so there is nothing to be told but its own.
 */
export class DatabaseChangeFeed implements ChangeFeed {
  readonly #knex: Knex;
  readonly #store: Pick<RequestStore, 'get' | 'onChange'>;
  readonly #installationId: string;
  readonly #replica: string;
  readonly #clock: Clock;
  readonly #logger: Pick<LoggerService, 'error'>;
  readonly #listening: ChangeListening | undefined;
  readonly #listeners: ChangeListeners;
  readonly #told = new Map<string, Told>();
  #unsubscribe: () => void = () => {};
  #cancelPoll: Cancel = () => {};
  #isStopped = false;
  #hasBaseline = false;

  constructor(options: {
    knex: Knex;
    store: Pick<RequestStore, 'get' | 'onChange'>;
    installationId: string;
    /** The id of this process; the same that the store has. */
    replica: string;
    clock: Clock;
    logger: Pick<LoggerService, 'error'>;
    /** Without it, changes of others are only polled for. */
    listen?: boolean;
  }) {
    const { knex, listen = true } = options;
    this.#knex = knex;
    this.#store = options.store;
    this.#installationId = options.installationId;
    this.#replica = options.replica;
    this.#clock = options.clock;
    this.#logger = options.logger;
    this.#listeners = new ChangeListeners(options.logger);
    if (listen && isPostgres(knex)) {
      this.#listening = new ChangeListening({
        connect: () => openRawConnection(knex),
        channel: channelOf(options.installationId),
        clock: options.clock,
        onNotice: notice => this.#onNotice(notice),
        onListening: () => this.#lookNow(),
      });
    }
  }

  async start(): Promise<void> {
    this.#unsubscribe = this.#store.onChange((request, added) =>
      this.#onOwnChange(request, added),
    );
    if (isPostgres(this.#knex)) {
      await this.#look();
      await this.#listening?.start();
      this.#lookLater();
    }
  }

  async stop(): Promise<void> {
    this.#isStopped = true;
    this.#unsubscribe();
    this.#cancelPoll();
    await this.#listening?.stop();
  }

  onChange(listener: ChangeListener): () => void {
    return this.#listeners.add(listener);
  }

  #onOwnChange(request: StoredRequest, added: RecordEntry[]): void {
    if (!isPostgres(this.#knex)) {
      this.#tellAll(request, added);
      return;
    }
    // Another replica's change just before may not have been told yet.
    this.#tell(request, request.entries.length - added.length);
  }

  #onNotice({ id, revision, replica }: ChangeNotice): void {
    if (replica !== this.#replica && this.#isNews(id, revision)) {
      this.#readAndTell(id).catch(error => this.#failed(error));
    }
  }

  #isNews(id: string, revision: number): boolean {
    return revision > (this.#told.get(id)?.revision ?? 0);
  }

  #lookLater(): void {
    if (!this.#isStopped) {
      this.#cancelPoll = this.#clock.schedule(POLL_MS, () => this.#lookNow());
    }
  }

  #lookNow(): void {
    this.#cancelPoll();
    inTime(this.#clock, POLL_TIMEOUT_MS, this.#look())
      // That the database is away is said where it is noticed first.
      .catch(() => {})
      .finally(() => {
        this.#cancelPoll();
        this.#lookLater();
      });
  }

  async #look(): Promise<void> {
    const rows: Array<{ id: string; revision: number }> = await this.#knex(
      TABLES.requests,
    )
      .where({ installation_id: this.#installationId, finished: false })
      .select('id', 'revision');
    if (!this.#hasBaseline) {
      this.#hasBaseline = true;
      rows.forEach(({ id, revision }) =>
        this.#told.set(id, { revision, entries: undefined }),
      );
      return;
    }
    const changed = rows.filter(({ id, revision }) =>
      this.#isNews(id, revision),
    );
    const unfinished = new Set(rows.map(({ id }) => id));
    const finished = [...this.#told.keys()].filter(id => !unfinished.has(id));
    for (const id of [...changed.map(row => row.id), ...finished]) {
      await this.#readAndTell(id);
    }
    finished.forEach(id => this.#told.delete(id));
  }

  async #readAndTell(id: string): Promise<void> {
    const request = await this.#store.get(id);
    if (request && this.#isNews(id, request.revision)) {
      this.#tell(request, 0);
    }
  }

  /** @param known - how many entries have been told at least, should nothing else be known */
  #tell(request: StoredRequest, known: number): void {
    const told = this.#told.get(request.id);
    const added = request.entries.slice(
      Math.min(told?.entries ?? known, request.entries.length),
    );
    if (this.#isNews(request.id, request.revision)) {
      this.#told.set(request.id, {
        revision: request.revision,
        entries: request.entries.length,
      });
    }
    this.#tellAll(request, added);
  }

  #tellAll(request: StoredRequest, added: RecordEntry[]): void {
    if (!this.#isStopped) {
      this.#listeners.tell(request, added);
    }
  }

  #failed(error: unknown): void {
    if (!this.#isStopped) {
      this.#logger.error(
        'A change by another replica could not be read; it will be within a second',
        toError(error),
      );
    }
  }
}
