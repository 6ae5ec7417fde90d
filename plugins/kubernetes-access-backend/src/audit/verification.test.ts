import { randomBytes } from 'node:crypto';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import { AuditArchive } from './AuditArchive';
import { DatabaseAuditTrail } from './DatabaseAuditTrail';
import type { AuditKey } from './mac';
import { macOf } from './mac';
import { fromRow, toRow } from './rows';
import { TrailVerifier } from './TrailVerifier';
import type { TrailReport } from './TrailVerifier';
import type { AuditEvent, ChainHead, StoredAuditEvent } from './types';

const ONE = '01jhz0000000000000000000aa';
const TWO = '01jhz0000000000000000000bb';

const KEY: AuditKey = { id: 'test', secret: 'a secret for tests' };

const eventOf = (chain: string, note: string): AuditEvent => ({
  eventId: 'request-decide',
  actor: 'user:default/olga',
  outcome: 'succeeded',
  requestId: chain,
  meta: { note },
});

describe.each(ENGINES)('verifying the audit trail on %s', engine => {
  let stores: TestStores;
  /** What somebody outside of the database was told before it was tampered with. */
  let told: ChainHead[];

  beforeEach(async () => {
    stores = await openTestStores({ clock: new ManualClock(), engine });
    for (const chain of [ONE, TWO]) {
      for (const note of ['one', 'two', 'three', 'four']) {
        await stores.audit.append([eventOf(chain, note)]);
      }
    }
    told = await stores.audit.heads([ONE, TWO, 'chains']);
  });

  afterEach(() => stores.close());

  const events = () => stores.knex('audit_events');
  const archive = (keys = [KEY]) =>
    new AuditArchive({ knex: stores.knex, keys });

  /** By an export alone, as an auditor has it, with the heads that were told or without. */
  async function verifyExport(
    heads: ChainHead[] = told,
    keys = [KEY],
  ): Promise<TrailReport> {
    const verifier = new TrailVerifier({ keys, recordings: true });
    heads.forEach(head => verifier.head(head));
    for await (const event of archive().events()) {
      verifier.event(JSON.parse(JSON.stringify(event)));
    }
    for await (const segment of archive().segments()) {
      verifier.segment(segment);
    }
    return verifier.finish();
  }

  const findings = ({ findings: found }: TrailReport) =>
    found.map(({ chain, message }) => [chain, message]);

  it('finds nothing wrong with a trail that nobody touched', async () => {
    expect(await verifyExport()).toMatchObject({
      sound: true,
      chains: 3,
      events: 10,
      findings: [],
    });
    expect(await archive().verify()).toMatchObject({ sound: true, events: 10 });
    expect(await archive().verify({ chain: ONE })).toMatchObject({
      sound: true,
      events: 4,
    });
  });

  it.each([
    ['actor', 'user:default/omar'],
    ['outcome', 'refused'],
    ['event_id', 'request-end'],
    ['at', '2026-01-15T12:00:01.000Z'],
    ['meta', '{"note":"2"}'],
    ['meta', 'not even JSON'],
    ['request_id', TWO],
    ['previous', '00'.repeat(32)],
    ['mac', '00'.repeat(32)],
  ])('finds an edited row: %s', async (column, value) => {
    await events()
      .where({ chain: ONE, sequence: 2 })
      .update({ [column]: value });
    const report = await verifyExport();
    expect(findings(report)).toEqual([[ONE, 'Event 2 was changed.']]);
    expect(findings(await archive().verify())).toEqual(findings(report));
  });

  it('finds a row that was taken out of the middle', async () => {
    await events().where({ chain: ONE }).whereIn('sequence', [2, 3]).delete();
    const report = await verifyExport();
    expect(findings(report)).toEqual([[ONE, 'Events 2 to 3 are missing.']]);
    expect(findings(await archive().verify())).toEqual(findings(report));
  });

  it('finds the hole when the rows behind it were moved up', async () => {
    await events().where({ chain: ONE, sequence: 2 }).delete();
    await events().where({ chain: ONE, sequence: 3 }).update({ sequence: 2 });
    await events().where({ chain: ONE, sequence: 4 }).update({ sequence: 3 });
    expect(findings(await verifyExport([]))).toEqual([
      [ONE, 'Event 2 was changed.'],
      [ONE, 'Event 3 was changed.'],
    ]);
  });

  it('finds an inserted row', async () => {
    const [row] = await events().where({ chain: ONE, sequence: 2 });
    await events().where({ chain: ONE, sequence: 4 }).update({ sequence: 5 });
    await events().insert({ ...row, sequence: 4 });
    expect(findings(await verifyExport([]))).toEqual([
      [ONE, 'Event 4 was changed.'],
      [ONE, 'Event 5 was changed.'],
    ]);
  });

  it('finds a row that was added at the end', async () => {
    const [row] = await events().where({ chain: ONE, sequence: 4 });
    await events().insert({ ...row, sequence: 5 });
    expect(findings(await verifyExport())).toEqual([
      [ONE, 'Event 5 was changed.'],
    ]);
  });

  it('finds rows that changed places', async () => {
    await events().where({ chain: ONE, sequence: 2 }).update({ sequence: 9 });
    await events().where({ chain: ONE, sequence: 3 }).update({ sequence: 2 });
    await events().where({ chain: ONE, sequence: 9 }).update({ sequence: 3 });
    expect(findings(await verifyExport())).toEqual([
      [ONE, 'Event 2 was changed.'],
      [ONE, 'Event 3 was changed.'],
    ]);
  });

  it('finds lines of an export that changed places', async () => {
    const verifier = new TrailVerifier({ keys: [KEY], recordings: false });
    const [one, two, three, four] = await stores.audit.read(ONE);
    [one, three, two, four].forEach(event => verifier.event(event));
    expect(findings(verifier.finish())).toEqual([
      [ONE, 'Event 2 is missing.'],
      [ONE, 'Event 2 comes after event 3.'],
    ]);
  });

  it('finds a row that was moved to another chain', async () => {
    await events()
      .where({ chain: ONE, sequence: 4 })
      .update({ chain: TWO, request_id: TWO, sequence: 5 });
    expect(findings(await verifyExport())).toEqual([
      [TWO, 'Event 5 was changed.'],
      [ONE, 'The chain ends at event 3, but its head is event 4.'],
    ]);
  });

  describe('with a tail that was cut off', () => {
    beforeEach(async () => {
      await events().where({ chain: ONE }).where('sequence', '>', 2).delete();
    });

    const cut = [[ONE, 'The chain ends at event 2, but its head is event 4.']];

    it('finds it by the head in the database', async () => {
      expect(findings(await archive().verify())).toEqual(cut);
      expect(findings(await archive().verify({ chain: ONE }))).toEqual(cut);
    });

    it('finds it by the head that was told, when that in the database was put back too', async () => {
      const { mac } = (await stores.audit.read(ONE)).at(-1)!;
      await stores
        .knex('audit_chains')
        .where({ chain: ONE })
        .update({ sequence: 2, mac });
      expect(findings(await archive().verify())).toEqual([]);
      expect(findings(await verifyExport())).toEqual(cut);
    });

    it('finds it still when the chain has grown over it again', async () => {
      const { mac } = (await stores.audit.read(ONE)).at(-1)!;
      await stores
        .knex('audit_chains')
        .where({ chain: ONE })
        .update({ sequence: 2, mac });
      await stores.audit.append([eventOf(ONE, 'three'), eventOf(ONE, '4')]);
      expect(findings(await archive().verify())).toEqual([]);
      expect(findings(await verifyExport())).toEqual([
        [
          ONE,
          'Event 4 is not the one that was reported as the head of the chain.',
        ],
      ]);
    });
  });

  describe('with a chain that is gone as a whole', () => {
    beforeEach(async () => {
      await events().where({ chain: ONE }).delete();
      await stores.knex('audit_chains').where({ chain: ONE }).delete();
    });

    it('finds it by the index of chains', async () => {
      const missing = [
        [ONE, 'The whole chain is missing, although the trail speaks of it.'],
      ];
      expect(findings(await verifyExport([]))).toEqual(missing);
      expect(findings(await archive().verify())).toEqual(missing);
      expect(findings(await archive().verify({ chain: ONE }))).toEqual(missing);
      expect(await archive().knows(ONE)).toBe(true);
      expect(await archive().knows('another')).toBe(false);
    });

    it('finds it by the heads that were told, when it is gone from the index too', async () => {
      await events().where({ chain: 'chains', sequence: 1 }).delete();
      expect(findings(await verifyExport())).toEqual([
        ['chains', 'Event 1 is missing.'],
        [
          ONE,
          'The whole chain is missing, although event 4 was reported as its head.',
        ],
      ]);
    });
  });

  describe('with a key that was changed', () => {
    const NEW: AuditKey = { id: 'new', secret: 'another secret' };
    const RETIRED = { ...KEY, until: '2026-01-15T12:00:00.000Z' };

    const signWith = (keys: AuditKey[]) =>
      new DatabaseAuditTrail({ knex: stores.knex, clock: stores.clock, keys });

    /** Writes a row anew, well bound and signed, as somebody who has a key could. */
    async function forge(row: StoredAuditEvent, key: AuditKey): Promise<void> {
      const { mac, ...unsigned } = { ...row, keyId: key.id };
      await events()
        .where({ chain: row.chain, sequence: row.sequence })
        .update(toRow({ ...unsigned, mac: macOf(unsigned, key) }));
    }

    const rowOf = async (sequence: number) =>
      fromRow(await events().where({ chain: ONE, sequence }).first());

    it('verifies old rows with the old key and new ones with the new', async () => {
      await signWith([NEW, RETIRED]).append([eventOf(ONE, 'five')]);
      expect((await stores.audit.read(ONE)).map(({ keyId }) => keyId)).toEqual([
        'test',
        'test',
        'test',
        'test',
        'new',
      ]);
      expect(await verifyExport(told, [NEW, RETIRED])).toMatchObject({
        sound: true,
      });
      expect(await archive([NEW, RETIRED]).verify()).toMatchObject({
        sound: true,
      });
    });

    it('says which key is missing', async () => {
      await signWith([NEW]).append([eventOf(ONE, 'five')]);
      expect(findings(await verifyExport())).toEqual([
        [ONE, "Event 5 is signed with the unknown key 'new'."],
      ]);
    });

    it('finds a row that claims another key than the one that signed it', async () => {
      await events()
        .where({ chain: ONE, sequence: 2 })
        .update({ key_id: 'new' });
      expect(findings(await verifyExport(told, [NEW, KEY]))).toEqual([
        [ONE, 'Event 2 was changed.'],
      ]);
    });

    it('finds a row that was signed anew with a key that nobody knows', async () => {
      await forge(
        { ...(await rowOf(2)), actor: 'user:default/omar' },
        { id: 'test', secret: 'a guess' },
      );
      expect(findings(await verifyExport())).toEqual([
        [ONE, 'Event 2 was changed.'],
      ]);
    });

    it('finds a row that was signed anew with the right key: the next one says what stood there', async () => {
      await forge({ ...(await rowOf(2)), actor: 'user:default/omar' }, KEY);
      expect(findings(await verifyExport())).toEqual([
        [
          ONE,
          'Event 3 was put behind another event than the one that stands before it.',
        ],
      ]);
    });

    it('finds a young row that was signed with a key that was retired before', async () => {
      await signWith([NEW, RETIRED]).append([eventOf(ONE, 'five')]);
      await forge(
        { ...(await rowOf(5)), at: '2026-02-01T00:00:00.000Z' },
        RETIRED,
      );
      expect(findings(await verifyExport(told, [NEW, RETIRED]))).toEqual([
        [
          ONE,
          "Event 5 of 2026-02-01T00:00:00.000Z is signed with the key 'test', which was retired at 2026-01-15T12:00:00.000Z.",
        ],
      ]);
    });

    it('finds a chain that was written anew as a whole with the right key, by the heads', async () => {
      let previous = '';
      for (const sequence of [1, 2, 3, 4]) {
        await forge({ ...(await rowOf(sequence)), actor: 'x', previous }, KEY);
        previous = (await rowOf(sequence)).mac;
      }
      expect(findings(await verifyExport([]))).toEqual([]);
      expect(findings(await verifyExport())).toEqual([
        [
          ONE,
          'Event 4 is not the one that was reported as the head of the chain.',
        ],
      ]);
    });
  });

  it('lists no more findings than anybody reads', async () => {
    const verifier = new TrailVerifier({ keys: [KEY], recordings: false });
    const [event] = await stores.audit.read(ONE);
    for (let sequence = 1; sequence <= 1_200; sequence++) {
      verifier.event({
        ...event,
        sequence,
        mac: randomBytes(32).toString('hex'),
      });
    }
    const report = verifier.finish();
    expect(report.findings).toHaveLength(1_000);
    expect(report).toMatchObject({ sound: false, moreFindings: 200 });
  });

  it('exports page by page, from any event on', async () => {
    const [row] = await events().where({ chain: TWO, sequence: 4 });
    const more = Array.from({ length: 1_100 }, (_, n) => ({
      ...row,
      sequence: 5 + n,
    }));
    await stores.knex.batchInsert('audit_events', more, 50);
    const placesOf = async (
      options?: Parameters<AuditArchive['events']>[0],
    ) => {
      const places: string[] = [];
      for await (const { chain, sequence } of archive().events(options)) {
        places.push(`${chain}/${sequence}`);
      }
      return places;
    };
    const all = await placesOf();
    expect(all).toHaveLength(1_110);
    expect(all.slice(0, 4)).toEqual([
      'chains/1',
      'chains/2',
      `${ONE}/1`,
      `${ONE}/2`,
    ]);
    expect(await placesOf({ after: { chain: 'chains', sequence: 1 } })).toEqual(
      all.slice(1),
    );
    expect(await placesOf({ after: { chain: ONE, sequence: 2 } })).toEqual(
      all.slice(4),
    );
    expect(await placesOf({ limit: 700 })).toEqual(all.slice(0, 700));
    expect(await placesOf({ chain: ONE })).toEqual(all.slice(2, 6));
  });
});
