import { Agent, request } from 'node:https';
import type { ApiServer } from './ApiServer';

/** Talks to the API server over connections that are kept, and does nothing else. */
export class BareClient {
  readonly #agent = new Agent({ keepAlive: true, maxSockets: 8 });

  constructor(private readonly server: ApiServer) {}

  async create(path: string, object: object): Promise<void> {
    await this.#send('POST', path, object);
  }

  async delete(path: string): Promise<void> {
    await this.#send('DELETE', path);
  }

  close(): void {
    this.#agent.destroy();
  }

  async #send(method: string, path: string, body?: object): Promise<void> {
    const status = await new Promise<number>((resolve, reject) => {
      const call = request(
        new URL(path, this.server.url),
        {
          ...this.server.tls,
          method,
          agent: this.#agent,
          headers: { 'content-type': 'application/json' },
        },
        response => {
          response.resume();
          response.once('end', () => resolve(response.statusCode ?? 0));
        },
      );
      call.once('error', reject);
      call.end(body && JSON.stringify(body));
    });
    if (status >= 300) {
      throw new Error(`${method} ${path} was answered with ${status}`);
    }
  }
}
