import type { ChildProcess } from 'node:child_process';
import { fork } from 'node:child_process';
import type { Entity } from '@backstage/catalog-model';
import { once } from 'node:events';
import { join } from 'node:path';
import { AccessApi } from './AccessApi';
import type { FromReplica, ToReplica } from './messages';

// eslint-disable-next-line no-restricted-syntax -- it is never built: tests run from the sources
const CHILD = join(__dirname, 'child.ts');
const TRANSFORM = require.resolve('@backstage/cli/config/nodeTransform.cjs');

export interface ReplicaOptions {
  /** As in app-config. */
  kubernetesAccess: Record<string, unknown>;
  /** `backend.database` of app-config. */
  database: Record<string, unknown>;
  /** How far ahead of the machine's clock its own is. */
  clockOffsetMs?: number;
  /** What the catalog has beside the demo's people and components. */
  entities?: Entity[];
}

/** One back end as a process of its own. */
export class ReplicaProcess {
  /** Loads everything and waits to be told what to be. */
  static load(): ReplicaProcess {
    return new ReplicaProcess();
  }

  readonly #child: ChildProcess;
  readonly #exited: Promise<unknown>;
  readonly #loaded: Promise<FromReplica>;
  #log = '';
  #port = 0;

  private constructor() {
    this.#child = fork(CHILD, [], {
      execArgv: ['--require', TRANSFORM],
      // Backstage keeps its watch for unhandled rejections out of tests; here it has to be on.
      env: {
        PATH: process.env.PATH,
        HOME: process.env.HOME,
        NODE_ENV: 'development',
      },
      stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    });
    this.#child.stdout?.on('data', data => {
      this.#log += data;
    });
    this.#child.stderr?.on('data', data => {
      this.#log += data;
    });
    this.#exited = once(this.#child, 'exit');
    this.#loaded = this.#hear('loaded');
    this.#loaded.catch(() => {});
  }

  get pid(): number {
    return this.#child.pid ?? 0;
  }

  /** Everything that it printed. */
  get log(): string {
    return this.#log;
  }

  get isAlive(): boolean {
    return this.#child.exitCode === null && this.#child.signalCode === null;
  }

  get api(): AccessApi {
    return new AccessApi(`http://127.0.0.1:${this.#port}`);
  }

  /** Resolves when it only waits to be started. */
  async loaded(): Promise<void> {
    await this.#loaded;
  }

  async start(options: ReplicaOptions): Promise<void> {
    await this.#loaded;
    const listening = this.#hear('listening');
    this.#tell({ kind: 'start', clockOffsetMs: 0, ...options });
    this.#port = (await listening).port;
  }

  /** Puts its clock off from now on. */
  shiftClock(offsetMs: number): void {
    this.#tell({ kind: 'clock', offsetMs });
  }

  /** Ends it between two instructions. */
  async kill(): Promise<void> {
    this.#child.kill('SIGKILL');
    await this.#exited;
  }

  /** Ends it in order. */
  async stop(): Promise<void> {
    if (this.isAlive) {
      this.#child.kill('SIGTERM');
    }
    await this.#exited;
  }

  /** It keeps its connections and does nothing, as on a machine that hangs. */
  pause(): void {
    this.#child.kill('SIGSTOP');
  }

  resume(): void {
    this.#child.kill('SIGCONT');
  }

  #tell(message: ToReplica): void {
    this.#child.send(message);
  }

  #hear<K extends FromReplica['kind']>(
    kind: K,
  ): Promise<Extract<FromReplica, { kind: K }>> {
    return new Promise((resolve, reject) => {
      this.#child.on('message', (message: FromReplica) => {
        if (message.kind === kind) {
          resolve(message as Extract<FromReplica, { kind: K }>);
        } else if (message.kind === 'failed') {
          reject(new Error(message.message));
        }
      });
      this.#exited.then(
        () =>
          reject(
            new Error(`the back end ended early:\n${this.#log.slice(-3000)}`),
          ),
        reject,
      );
    });
  }
}
