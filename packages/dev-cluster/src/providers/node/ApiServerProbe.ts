import { promises as fs } from 'node:fs';
import { Agent, request } from 'node:https';
import { join } from 'node:path';
import { NODE_NAME } from './plan';
import { Layout } from './layout';

/** Asks the API server how it is, faster than a kubectl per question. */
export class ApiServerProbe {
  private constructor(
    private readonly port: number,
    private readonly agent: Agent,
  ) {}

  static async create(layout: Layout, port: number): Promise<ApiServerProbe> {
    const [ca, cert, key] = await Promise.all(
      ['ca.crt', 'admin.crt', 'admin.key'].map(file =>
        fs.readFile(join(layout.certificates, file)),
      ),
    );
    return new ApiServerProbe(
      port,
      new Agent({ ca, cert, key, keepAlive: true, maxSockets: 1 }),
    );
  }

  async isReady(): Promise<boolean> {
    return (await this.get('/readyz')) !== undefined;
  }

  async isNodeReady(): Promise<boolean> {
    const body = await this.get(`/api/v1/nodes/${NODE_NAME}`);
    if (body === undefined) {
      return false;
    }
    const node: {
      status?: { conditions?: { type: string; status: string }[] };
    } = JSON.parse(body);
    return (
      node.status?.conditions?.some(
        ({ type, status }) => type === 'Ready' && status === 'True',
      ) ?? false
    );
  }

  close(): void {
    this.agent.destroy();
  }

  /** The body of a 200, and nothing for every other answer and for none. */
  private get(path: string): Promise<string | undefined> {
    return new Promise(resolve => {
      const outgoing = request(
        {
          host: '127.0.0.1',
          port: this.port,
          path,
          agent: this.agent,
          timeout: 2_000,
        },
        response => {
          const chunks: Buffer[] = [];
          response.on('data', chunk => chunks.push(chunk));
          response.on('error', () => resolve(undefined));
          response.on('end', () =>
            resolve(
              response.statusCode === 200
                ? Buffer.concat(chunks).toString('utf8')
                : undefined,
            ),
          );
        },
      );
      outgoing.on('timeout', () => outgoing.destroy());
      outgoing.on('error', () => resolve(undefined));
      outgoing.end();
    });
  }
}
