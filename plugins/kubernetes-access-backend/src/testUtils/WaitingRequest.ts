import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { SystemClock } from '../controller';
import type { StoredRequest } from '../database';
import type { Answer } from './chaos/AccessApi';
import { ReplicaProcess } from './chaos/ReplicaProcess';
import { openTestStores } from './database';
import { eventually } from './eventually';
import { aNewRequest } from './requests';

/** What somebody was told. */
export interface Told {
  status: number;
  message?: string;
  /** All of it. */
  text: string;
}

/** A back end as a process of its own, with a request that waits for Olga. */
export class WaitingRequest {
  static async start(options: {
    database: Record<string, unknown>;
    connect: () => Knex;
  }): Promise<WaitingRequest> {
    const replica = ReplicaProcess.load();
    try {
      await replica.start({
        database: options.database,
        kubernetesAccess: {
          admins: ['group:default/platform'],
        },
      });
      return new WaitingRequest(replica, await storeRequest(options.connect()));
    } catch (error) {
      if (replica.isAlive) {
        await replica.kill();
      }
      throw error;
    }
  }

  private constructor(
    readonly replica: ReplicaProcess,
    readonly request: StoredRequest,
  ) {}

  see() {
    return this.replica.api.get('ada', `/requests/${this.request.id}`);
  }

  #deny() {
    const { id, digest } = this.request;
    return this.replica.api.post('olga', `/requests/${id}/deny`, {
      digest,
      comment: 'Use the test cluster.',
    });
  }

  /** What people are told now if they look at something or do something, and how long that takes. */
  async answers(): Promise<{ told: Told[]; tookMs: number }> {
    const began = Date.now();
    const answers = await Promise.all([
      this.see(),
      this.#deny(),
      this.replica.api.get('ada', '/requests?scope=mine'),
      this.replica.api.get('olga', '/counts'),
    ]);
    return { told: answers.map(toTold), tookMs: Date.now() - began };
  }

  /** Does what could not be done, and says how it stands then. */
  async goOn(): Promise<string> {
    await eventually(async () => {
      expect((await this.see()).status).toBe(200);
    }, 60_000);
    // What hung may have been done after all.
    expect([200, 409]).toContain((await this.#deny()).status);
    return String((await this.see()).body.phase);
  }
}

function toTold({ status, body }: Answer): Told {
  const { message } = (body.error ?? {}) as { message?: string };
  return { status, message, text: JSON.stringify(body) };
}

async function storeRequest(knex: Knex): Promise<StoredRequest> {
  const { id: installationId } = await knex('installation').first();
  const stores = await openTestStores({
    clock: new SystemClock(),
    knex,
    installationId,
    logger: mockServices.logger.mock(),
  });
  const request = await stores.requests.create(aNewRequest());
  await stores.close();
  return request;
}
