import { mockServices } from '@backstage/backend-test-utils';
import type { Knex } from 'knex';
import { Recorder } from '../recordings/Recorder';
import type { TestStores } from './database';
import { openTestStores } from './database';
import type { Engine } from './engines';
import { ManualClock } from './ManualClock';
import { aNewRequest, aRequestId } from './requests';
import { aNewSession } from './sessions';
import { eventually } from './sockets';

const HASH = 'a'.repeat(64);

/** A session in a real database, whose recording has as many segments as a test wants. */
export class RecordedSession {
  static async start(engine: Engine): Promise<RecordedSession> {
    const clock = new ManualClock();
    const stores = await openTestStores({ clock, engine });
    const request = await stores.requests.create(aNewRequest());
    const id = aRequestId();
    await stores.sessions.create(
      aNewSession({
        id,
        requestId: request.id,
        clusterUid: request.terms.clusterUid,
      }),
      { hash: HASH, expiresAt: new Date(clock.now() + 30_000) },
      [],
    );
    await stores.sessions.redeem(id, HASH, 'replica-1');
    return new RecordedSession(clock, stores, id, request.id);
  }

  private constructor(
    readonly clock: ManualClock,
    readonly stores: TestStores,
    readonly id: string,
    readonly requestId: string,
  ) {}

  /** A line of output in each segment. */
  async record(segments: number): Promise<Recorder> {
    const { clock, stores } = this;
    const stored = jest.spyOn(stores.recordings, 'append');
    const recorder = new Recorder({
      sessionId: this.id,
      requestId: this.requestId,
      store: stores.recordings,
      audit: stores.audit,
      clock,
      logger: mockServices.logger.mock(),
      maxBytes: 1_000_000,
    });
    recorder.resize(120, 40);
    for (let number = 1; number <= segments; number++) {
      recorder.output(Buffer.from(`\x01line ${number}\r\n`));
      await clock.advance(1_000);
      await eventually(() => stored.mock.results.length === number);
      await stored.mock.results[number - 1].value;
    }
    return recorder;
  }

  /** Ends the session in order. Returns how many segments the audit trail vouches for. */
  async end(recorder: Recorder): Promise<number> {
    const { segments } = await recorder.end();
    await this.stores.sessions.markClosed(
      this.id,
      { reason: 'The shell ended.', bytesIn: 0, bytesOut: 0 },
      [
        {
          eventId: 'session-close',
          actor: 'user:default/ada',
          outcome: 'succeeded',
          requestId: this.requestId,
          meta: { session: this.id, segments },
        },
      ],
    );
    return segments;
  }

  /** What is stored of its recording. */
  rows(): Knex.QueryBuilder {
    return this.stores
      .knex('recording_segments')
      .where({ session_id: this.id });
  }

  async close(): Promise<void> {
    await this.stores.close();
  }
}
