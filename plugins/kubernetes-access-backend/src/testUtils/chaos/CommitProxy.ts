import type { AddressInfo, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/**
 * Stands between back ends and PostgreSQL and sees their commits go by. What a back end is killed with right after a
 * commit is on record, and it never got to know.
 */
export class CommitProxy {
  static async start(target: {
    host: string;
    port: number;
  }): Promise<CommitProxy> {
    const proxy = new CommitProxy(target);
    await new Promise<void>(resolve => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  readonly #server = createServer(near => this.#join(near));
  readonly #sockets = new Set<Socket>();
  readonly #target: { host: string; port: number };
  #onCommit: ((count: number) => Promise<void> | void) | undefined;
  #count = 0;

  private constructor(target: { host: string; port: number }) {
    this.#target = target;
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** How many commits there were since the last {@link CommitProxy.afterEach}. */
  get count(): number {
    return this.#count;
  }

  /** @param act - called after each commit, with its number, before whoever committed hears that it has */
  afterEach(act?: (count: number) => Promise<void> | void): void {
    this.#count = 0;
    this.#onCommit = act;
  }

  async stop(): Promise<void> {
    this.#sockets.forEach(socket => socket.destroy());
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #join(near: Socket): void {
    const far = connect(this.#target.port, this.#target.host);
    let isCommitting = false;
    [near, far].forEach(socket => {
      this.#sockets.add(socket);
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        this.#sockets.delete(socket);
        near.destroy();
        far.destroy();
      });
    });
    near.on('data', chunk => {
      isCommitting = chunk.includes('COMMIT');
      far.write(chunk);
    });
    far.on('data', chunk => {
      if (!isCommitting) {
        near.write(chunk);
        return;
      }
      isCommitting = false;
      this.#count += 1;
      far.pause();
      Promise.resolve(this.#onCommit?.(this.#count)).finally(() => {
        far.resume();
        if (!near.destroyed) {
          near.write(chunk);
        }
      });
    });
  }
}
