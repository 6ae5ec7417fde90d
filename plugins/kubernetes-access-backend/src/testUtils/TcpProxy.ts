import type { AddressInfo, Server, Socket } from 'node:net';
import { connect, createServer } from 'node:net';

/** A line to a server that can be cut, turned into a black hole, and mended. */
export class TcpProxy {
  /** @param target - the URL of the server */
  static async start(target: string): Promise<TcpProxy> {
    const { hostname, port } = new URL(target);
    const proxy = new TcpProxy(hostname, Number(port));
    await new Promise<void>(resolve => {
      proxy.#server.listen(0, '127.0.0.1', resolve);
    });
    return proxy;
  }

  readonly #server: Server;
  readonly #sockets = new Set<Socket>();
  #isCut = false;
  #isBlackHole = false;
  #isFrozen = false;

  private constructor(host: string, port: number) {
    this.#server = createServer(near => {
      if (this.#isCut) {
        near.destroy();
        return;
      }
      if (this.#isBlackHole) {
        this.#sockets.add(near);
        near.on('error', () => {});
        near.on('close', () => this.#sockets.delete(near));
        return;
      }
      const far = connect(port, host);
      this.#join(near, far);
      this.#join(far, near);
    });
  }

  get port(): number {
    return (this.#server.address() as AddressInfo).port;
  }

  /** Breaks what is open and refuses what comes. */
  cut(): void {
    this.#isCut = true;
    this.#sockets.forEach(socket => socket.destroy());
  }

  /** Keeps what is open and takes what comes, and passes nothing on, as a firewall does that drops packets. */
  swallow(): void {
    this.#isBlackHole = true;
    this.#sockets.forEach(socket => {
      socket.unpipe();
      socket.pause();
    });
  }

  mend(): void {
    if (this.#isBlackHole) {
      this.#sockets.forEach(socket => socket.destroy());
    }
    this.#isCut = false;
    this.#isBlackHole = false;
  }

  /** Nothing gets through any more, and nobody is told. */
  freeze(): void {
    this.#isFrozen = true;
    this.#sockets.forEach(socket => socket.pause());
  }

  thaw(): void {
    this.#isFrozen = false;
    this.#sockets.forEach(socket => socket.resume());
  }

  async stop(): Promise<void> {
    this.cut();
    await new Promise(resolve => {
      this.#server.close(resolve);
    });
  }

  #join(from: Socket, to: Socket): void {
    this.#sockets.add(from);
    from.pipe(to);
    if (this.#isFrozen) {
      from.pause();
    }
    from.on('error', () => to.destroy());
    from.on('close', () => {
      this.#sockets.delete(from);
      to.destroy();
    });
  }
}
