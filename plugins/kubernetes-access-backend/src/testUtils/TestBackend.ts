import type { ExtendedHttpServer } from '@backstage/backend-defaults/rootHttpRouter';
import type { BackendFeature } from '@backstage/backend-plugin-api';
import type { TestBackend as Backend } from '@backstage/backend-test-utils';
import {
  mockCredentials,
  startTestBackend,
} from '@backstage/backend-test-utils';
import type {
  AccessRequestDetail,
  SessionTicket,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import request from 'supertest';
import { BROWSER_ORIGIN, backendFeatures } from './backendFeatures';
import type { TestDatabase } from './engines';
import { createTestDatabase } from './engines';
import { TestTerminal } from './TestTerminal';

const BASE_PATH = '/api/kubernetes-access';

/** A test asks more often than a person would, and again after a denial. */
const NO_PAUSE = { requestsPerHour: 100_000, pauseAfterDenial: '0s' };

/** The whole plugin in a Backstage back end that listens, with the people of {@link demoCatalog}. */
export class TestBackend {
  /**
   * @param options - `kubernetesAccess` as in app-config; `database` for what has to be there at another start, or for
   * several replicas; without it, there is a new one on the engine that the tests run on
   */
  static async start(options: {
    kubernetesAccess: Record<string, unknown>;
    database?: TestDatabase;
    rootLogger?: BackendFeature;
  }): Promise<TestBackend> {
    const database = options.database ?? (await createTestDatabase());
    const discard = async () => {
      if (!options.database) {
        await database.close();
      }
    };
    try {
      const backend = await startTestBackend({
        features: backendFeatures({
          kubernetesAccess: {
            quotas: NO_PAUSE,
            ...options.kubernetesAccess,
          },
          database: database.config,
          rootLogger: options.rootLogger,
        }),
      });
      return new TestBackend(backend, discard);
    } catch (error) {
      await discard();
      throw error;
    }
  }

  readonly server: ExtendedHttpServer;
  readonly #backend: Backend;
  readonly #discardDatabase: () => Promise<void>;

  private constructor(backend: Backend, discard: () => Promise<void>) {
    this.#backend = backend;
    this.#discardDatabase = discard;
    this.server = backend.server;
  }

  async stop(): Promise<void> {
    await this.#backend.stop();
    await this.#discardDatabase();
  }

  get(person: string, path: string) {
    return request(this.server)
      .get(BASE_PATH + path)
      .set('Authorization', credentialsOf(person));
  }

  post(person: string, path: string, body: object = {}) {
    return request(this.server)
      .post(BASE_PATH + path)
      .set('Authorization', credentialsOf(person))
      .send(body);
  }

  async ask(
    person: string,
    entityRef: string = 'component:default/payments-api',
    durationSeconds: number = 600,
  ): Promise<AccessRequestDetail> {
    const { body, status } = await this.post(person, '/requests', {
      entityRef,
      accessLevel: 'exec',
      reason: 'The queue is stuck since the last deploy.',
      durationSeconds,
    });
    expect({ status, message: body.error?.message }).toEqual({ status: 201 });
    return body;
  }

  async approve(person: string, asked: AccessRequestDetail): Promise<void> {
    const { body, status } = await this.post(
      person,
      `/requests/${asked.id}/approve`,
      { digest: asked.digest },
    );
    expect({ status, message: body.error?.message }).toEqual({ status: 200 });
  }

  async see(person: string, id: string): Promise<AccessRequestDetail> {
    const { body, status } = await this.get(person, `/requests/${id}`);
    expect({ status, message: body.error?.message }).toEqual({ status: 200 });
    return body;
  }

  async ticket(
    person: string,
    id: string,
    place: { namespace: string; pod: string; container: string },
  ): Promise<SessionTicket> {
    const { body, status } = await this.post(
      person,
      `/requests/${id}/sessions`,
      { ...place, columns: 80, rows: 24 },
    );
    expect({ status, message: body.error?.message }).toEqual({ status: 201 });
    return body;
  }

  /** Opens the WebSocket that a ticket is for, as a browser does. */
  connect({ path, ticket }: SessionTicket): TestTerminal {
    const url = `ws://localhost:${this.server.port()}${BASE_PATH}${path}`;
    return new TestTerminal(url, { ticket, origin: BROWSER_ORIGIN });
  }
}

function credentialsOf(person: string): string {
  return mockCredentials.user.header(`user:default/${person}`);
}
