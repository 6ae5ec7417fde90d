import { createHash } from 'node:crypto';
import { gunzipSync, gzipSync } from 'node:zlib';
import type { RecordingCheck } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { TestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { RecordedSession } from '../testUtils/RecordedSession';
import { aRequestId } from '../testUtils/requests';
import { RecordingReader } from './RecordingReader';

/** How many segments the recording has: more than are read at once, and than go into one event of the trail. */
const SEGMENTS = 20;

describe.each(ENGINES)('RecordingReader on %s', engine => {
  let recorded: RecordedSession;
  let stores: TestStores;
  let session: string;
  let chain: string;

  beforeEach(async () => {
    recorded = await RecordedSession.start(engine);
    ({ stores, id: session, requestId: chain } = recorded);
  });

  afterEach(() => recorded.close());

  const record = () => recorded.record(SEGMENTS);
  const rows = () => recorded.rows();

  async function read() {
    const [found] = await stores.sessions.listByRequest(chain);
    const reader = new RecordingReader({
      store: stores.recordings,
      archive: stores.archive,
    });
    const recording = await reader.open(found);
    let text = '';
    for await (const piece of recording.text()) {
      text += piece;
    }
    const [header, ...events] = text
      .trimEnd()
      .split('\n')
      .map(one => JSON.parse(one));
    return {
      check: recording.check,
      header,
      events: events as Array<[number, string, string]>,
    };
  }

  const shown = (events: Array<[number, string, string]>) =>
    events.flatMap(([, kind, text]) => (kind === 'o' ? [text] : [])).join('');
  const remarks = (events: Array<[number, string, string]>) =>
    events.flatMap(([, kind, text]) => (kind === 'm' ? [text] : []));
  const whole = Array.from(
    { length: SEGMENTS },
    (_, index) => `line ${index + 1}\r\n`,
  );
  const without = (...numbers: number[]) =>
    whole.filter((_, index) => !numbers.includes(index + 1)).join('');

  describe('of a session that closed', () => {
    beforeEach(async () => recorded.end(await record()));

    it('gives out every byte, at its time, and says that it is whole', async () => {
      const { check, header, events } = await read();
      expect(check).toEqual({
        session,
        state: 'whole',
        open: false,
        problems: [],
      });
      expect(header).toMatchObject({
        version: 2,
        width: 120,
        height: 40,
        'kubernetes-access': check,
      });
      expect(shown(events)).toBe(whole.join(''));
      const times = events.map(([at]) => at);
      expect(times).toEqual([...times].sort((a, b) => a - b));
    });

    it('holds few segments at a time', async () => {
      let queries = 0;
      stores.knex.on('query', ({ sql }: { sql: string }) => {
        queries += /recording_segments/.test(sql) ? 1 : 0;
      });
      await read();
      // Once to look and once to give out, in pages of eight.
      expect(queries).toBe(6);
    });

    it('leaves out what was changed, also with a digest that fits, and says so where it stood', async () => {
      const data = gzipSync('[0,"o","forged"]\n');
      await rows()
        .where({ sequence: 3 })
        .update({
          data,
          digest: createHash('sha256').update(data).digest('hex'),
        });
      const { check, events } = await read();
      expect(check).toMatchObject({
        state: 'damaged',
        problems: [
          'Part 4 was changed after it had been recorded, and is left out.',
        ],
      });
      expect(shown(events)).not.toContain('forged');
      expect(shown(events)).toContain('line 3\r\n');
      expect(shown(events)).toContain('line 5\r\n');
      expect(remarks(events)).toEqual([
        'Part 4 of this recording is not what was recorded, and is left out here.',
      ]);
      const at = events.findIndex(([, kind]) => kind === 'm');
      expect(events[at][0]).toBe(events[at - 1][0]);
    });

    it('says where parts are missing', async () => {
      await rows().whereIn('sequence', [4, 5]).delete();
      const { check, events } = await read();
      expect(check.problems).toEqual(['Parts 5, 6 are missing.']);
      expect(remarks(events)).toEqual([
        'Parts 5 to 6 of this recording are missing here.',
      ]);
      const left = events.filter(([, , text]) => whole.includes(text));
      expect(shown(left)).toBe(without(5, 6));
    });

    it('can be played without its beginning', async () => {
      await rows().where({ sequence: 0 }).delete();
      const { header, events } = await read();
      expect(header).toMatchObject({ version: 2, width: 80, height: 24 });
      expect(events[0]).toEqual([
        0,
        'm',
        'Part 1 of this recording is missing here.',
      ]);
    });

    it('says when its end is missing', async () => {
      await rows().where('sequence', '>=', 17).delete();
      const { check, events } = await read();
      expect(check.problems).toEqual(['Parts 18, 19, 20 are missing.']);
      expect(remarks(events)).toEqual([
        'Parts 18 to 20 of this recording are missing here.',
      ]);
    });

    it('says when all of it is missing', async () => {
      await rows().delete();
      const { check, events } = await read();
      expect(check).toMatchObject({
        state: 'damaged',
        problems: [
          'Parts 1, 2, 3, 4, 5, 6, 7, 8, 9, 10 and 10 more are missing.',
        ],
      });
      expect(remarks(events)).toEqual([
        'Parts 1 to 20 of this recording are missing here.',
      ]);
    });

    it('leaves out what was added', async () => {
      const [row] = await rows().where({ sequence: 0 });
      await rows().insert({ ...row, sequence: SEGMENTS });
      const { check, events } = await read();
      expect(check.problems).toEqual([
        'Part 21 was added after the session had closed, and is left out.',
      ]);
      expect(remarks(events)).toHaveLength(1);
    });

    it('does not believe a trail that was changed to fit', async () => {
      const data = gzipSync('[0,"o","forged"]\n');
      const digest = createHash('sha256').update(data).digest('hex');
      await rows().where({ sequence: 3 }).update({ data, digest });
      const events = stores
        .knex('audit_events')
        .where({ chain, event_id: 'recording-segment' });
      const [event] = await events.clone().orderBy('sequence').limit(1);
      const meta = JSON.parse(event.meta);
      meta.digests[3] = digest;
      await events
        .where({ sequence: event.sequence })
        .update({ meta: JSON.stringify(meta) });
      const { check } = await read();
      expect(check.state).toBe('damaged');
      expect(check.problems[0]).toMatch(
        /^The audit trail of this request is not sound.*was changed\.$/,
      );
    });
  });

  describe('of a session that goes on', () => {
    it('gives out what there is, and says that there will be more', async () => {
      await record();
      const { check, events } = await read();
      expect(check).toEqual({
        session,
        state: 'whole',
        open: true,
        problems: [],
      });
      expect(shown(events)).toBe(whole.join(''));
    });

    it('has a header also when nothing was shown yet', async () => {
      const { check, header, events } = await read();
      expect(check).toMatchObject({ state: 'whole', open: true });
      expect(header).toMatchObject({ version: 2, width: 80, height: 24 });
      expect(events).toEqual([]);
    });
  });

  it('says so when the trail does not speak of it', async () => {
    const recorder = await record();
    jest
      .spyOn(stores.audit, 'append')
      .mockRejectedValue(new Error('no room left'));
    await recorded.end(recorder);
    const { check, events } = await read();
    expect(check).toMatchObject({
      state: 'unverified',
      problems: [expect.stringMatching(/are not in the audit trail/)],
    });
    expect(shown(events)).toBe(whole.join(''));
  });

  it('names what cannot be read', async () => {
    const data = Buffer.from('this is no gzip');
    await stores.recordings.append({
      sessionId: session,
      sequence: 0,
      data,
      digest: createHash('sha256').update(data).digest('hex'),
    });
    expect(() => gunzipSync(data)).toThrow();
    const { events } = await read();
    expect(remarks(events)).toEqual([
      'Part 1 of this recording cannot be read.',
    ]);
  });

  it('answers for nothing of other sessions', async () => {
    await recorded.end(await record());
    const { check }: { check: RecordingCheck } = await read();
    expect(check.session).toBe(session);
    const other = aRequestId();
    const archive = await stores.archive.recording(chain, other);
    expect(archive).toMatchObject({ digests: new Map(), total: undefined });
  });
});
