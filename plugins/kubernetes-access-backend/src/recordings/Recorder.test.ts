import { createHash } from 'node:crypto';
import { gunzipSync } from 'node:zlib';
import { mockServices } from '@backstage/backend-test-utils';
import type { AuditEvent } from '../audit/types';
import type { RecordingSegment } from '../database/types';
import { ManualClock } from '../testUtils/ManualClock';
import { Recorder } from './Recorder';

function frame(text: string | Buffer, channel = 1): Buffer {
  return Buffer.concat([Buffer.of(channel), Buffer.from(text)]);
}

class MemoryRecordings {
  readonly segments: RecordingSegment[] = [];
  writes = 0;
  fail = false;
  gate: Promise<void> = Promise.resolve();

  async append(...segments: RecordingSegment[]): Promise<void> {
    await this.gate;
    if (this.fail) {
      throw new Error('the disk is full');
    }
    this.writes += 1;
    this.segments.push(...segments);
  }

  async read(): Promise<RecordingSegment[]> {
    return this.segments;
  }

  get cast(): string {
    return this.segments
      .map(({ data }) => gunzipSync(data).toString('utf8'))
      .join('');
  }

  get shown(): string {
    return this.events('o')
      .map(([, , text]) => text)
      .join('');
  }

  events(kind: string): Array<[number, string, string]> {
    return this.cast
      .split('\n')
      .filter(line => line.startsWith('['))
      .map(line => JSON.parse(line))
      .filter(event => event[1] === kind);
  }
}

function setUp(options: { maxBytes?: number } = {}) {
  const clock = new ManualClock();
  const store = new MemoryRecordings();
  const logger = mockServices.logger.mock();
  const events: AuditEvent[] = [];
  const audit = {
    append: async (added: AuditEvent[]) => {
      events.push(...added);
    },
  };
  const recorder = new Recorder({
    sessionId: 'session-1',
    requestId: 'request-1',
    store,
    audit,
    clock,
    logger,
    maxBytes: options.maxBytes ?? 64 * 1024 * 1024,
  });
  return { clock, store, logger, events, recorder };
}

/** Compression runs in another thread, which no clock of ours moves. */
async function until(condition: () => boolean): Promise<void> {
  while (!condition()) {
    await new Promise(resolve => setImmediate(resolve));
  }
}

describe('Recorder', () => {
  it('stores what was shown within a second', async () => {
    const { clock, store, recorder } = setUp();
    recorder.resize(80, 24);
    recorder.output(frame('hello'));
    expect(store.segments).toHaveLength(0);
    await clock.advance(1_000);
    await until(() => store.segments.length === 1);
    expect(store.shown).toBe('hello');
    await recorder.end();
  });

  it('closes a segment early when there is much output, and stores those of a second together', async () => {
    const { clock, store, recorder } = setUp();
    recorder.resize(80, 24);
    for (let i = 0; i < 3; i++) {
      recorder.output(frame(Buffer.alloc(300 * 1024, 'x')));
    }
    recorder.output(frame('y'));
    await clock.advance(1_000);
    await until(() => store.segments.length > 0);
    expect(store.segments).toHaveLength(4);
    expect(store.writes).toBe(1);
    expect(store.shown).toHaveLength(900 * 1024 + 1);
    await recorder.end();
  });

  it('stores before the second is over when there is very much output', async () => {
    const { store, recorder } = setUp();
    recorder.resize(80, 24);
    for (let i = 0; i < 5; i++) {
      recorder.output(frame(Buffer.alloc(1024 * 1024, 'x')));
    }
    await until(() => store.segments.length > 0);
    expect(store.segments).toHaveLength(4);
    await recorder.end();
    expect(store.segments).toHaveLength(5);
  });

  it('numbers segments from 0 and keeps their order', async () => {
    const { store, recorder } = setUp();
    recorder.resize(80, 24);
    for (let i = 0; i < 10; i++) {
      recorder.output(frame(Buffer.alloc(256 * 1024, String(i))));
    }
    await recorder.end();
    expect(store.segments.map(({ sequence }) => sequence)).toEqual([
      0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
    ]);
    expect(store.shown.replace(/(.)\1*/g, '$1')).toBe('0123456789');
  });

  it('puts the digest of each segment into the audit trail', async () => {
    const { store, events, recorder } = setUp();
    recorder.resize(80, 24);
    recorder.output(frame(Buffer.alloc(256 * 1024, 'a')));
    recorder.output(frame('b'));
    await recorder.end();
    const digests = store.segments.map(({ data }) =>
      createHash('sha256').update(data).digest('hex'),
    );
    expect(digests).toHaveLength(2);
    expect(events).toEqual([
      {
        eventId: 'recording-segment',
        actor: 'system',
        outcome: 'succeeded',
        requestId: 'request-1',
        meta: { session: 'session-1', first: 0, digests },
      },
    ]);
  });

  it('stops at its limit and says so in the recording', async () => {
    const { store, recorder } = setUp({ maxBytes: 10 });
    recorder.resize(80, 24);
    recorder.output(frame('12345678'));
    recorder.output(frame('9012345'));
    recorder.output(frame('x'));
    const outcome = await recorder.end();
    expect(store.shown).toBe('12345678');
    expect(store.events('m')).toHaveLength(1);
    expect(store.events('m')[0][2]).toContain('10 bytes');
    expect(outcome).toEqual({ segments: 1, bytes: 8, complete: false });
  });

  it('goes on while the store fails, says so once, and stores it later', async () => {
    const { clock, store, logger, recorder } = setUp();
    store.fail = true;
    recorder.resize(80, 24);
    recorder.output(frame('first '));
    await clock.advance(1_000);
    await until(() => logger.error.mock.calls.length === 1);
    recorder.output(frame('second '));
    await clock.advance(1_000);
    store.fail = false;
    recorder.output(frame('third'));
    const outcome = await recorder.end();
    expect(logger.error).toHaveBeenCalledTimes(1);
    expect(store.shown).toBe('first second third');
    expect(store.segments[0].sequence).toBe(0);
    expect(outcome.complete).toBe(true);
  });

  it('admits that a recording is not complete when it could never be stored', async () => {
    const { store, recorder } = setUp();
    store.fail = true;
    recorder.resize(80, 24);
    recorder.output(frame('lost'));
    expect(await recorder.end()).toEqual({
      segments: 0,
      bytes: 4,
      complete: false,
    });
  });

  it('leaves output out rather than growing when the store is too slow', async () => {
    const { store, recorder } = setUp();
    let open = () => {};
    store.gate = new Promise(resolve => {
      open = resolve;
    });
    recorder.resize(80, 24);
    for (let i = 0; i < 40; i++) {
      recorder.output(frame(Buffer.alloc(1024 * 1024, 'x')));
    }
    open();
    const outcome = await recorder.end();
    expect(outcome.complete).toBe(false);
    expect(outcome.bytes).toBeLessThanOrEqual(17 * 1024 * 1024);
    expect(store.shown).toHaveLength(outcome.bytes);
    expect(store.events('m')[0][2]).toContain('missing');
  });

  it('records again as soon as the store takes again what it could not store for long', async () => {
    const { clock, store, recorder } = setUp();
    store.fail = true;
    recorder.resize(80, 24);
    for (let i = 0; i < 20; i++) {
      recorder.output(frame(Buffer.alloc(1024 * 1024, 'x')));
    }
    store.fail = false;
    await clock.advance(1_000);
    await until(() => store.segments.length > 0);
    await recorder.end();
    expect(store.events('m')[0][2]).toContain('missing');
    expect(store.segments.map(({ sequence }) => sequence)).toEqual(
      store.segments.map((_, index) => index),
    );
  });

  it('leaves no timer behind', async () => {
    const { clock, recorder } = setUp();
    recorder.resize(80, 24);
    recorder.output(frame('x'));
    await recorder.end();
    expect(clock.pending).toBe(0);
  });
});
