import { openTestStores } from '../testUtils/database';
import type { TestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { DatabaseAuditTrail } from './DatabaseAuditTrail';
import type { AuditEvent } from './types';

const CHAIN = '01jhz0000000000000000000aa';

const eventOf = (note: string): AuditEvent => ({
  eventId: 'request-decide',
  actor: 'user:default/olga',
  outcome: 'succeeded',
  requestId: CHAIN,
  meta: { note },
});

describe('the audit trail', () => {
  let stores: TestStores;

  beforeEach(async () => {
    stores = await openTestStores({ clock: new ManualClock() });
    await stores.audit.append([
      eventOf('one'),
      eventOf('two'),
      eventOf('three'),
    ]);
  });
  afterEach(() => stores.close());

  it('keeps the events of a chain in order and finds nothing wrong with them', async () => {
    const events = await stores.audit.read(CHAIN);
    expect(events.map(({ sequence, meta }) => [sequence, meta.note])).toEqual([
      [1, 'one'],
      [2, 'two'],
      [3, 'three'],
    ]);
    await expect(stores.audit.verify(CHAIN)).resolves.toBeUndefined();
  });

  it('keeps what belongs to no request in a chain of its own', async () => {
    await stores.audit.append([{ ...eventOf('x'), requestId: undefined }]);
    await expect(stores.audit.read('system')).resolves.toHaveLength(1);
    await expect(stores.audit.verify('system')).resolves.toBeUndefined();
  });

  it('notices an edited row', async () => {
    await stores
      .knex('audit_events')
      .where({ chain: CHAIN, sequence: 2 })
      .update({ actor: 'user:default/omar' });
    await expect(stores.audit.verify(CHAIN)).resolves.toBe(
      'Event 2 was changed.',
    );
  });

  it('notices a removed row', async () => {
    await stores.knex('audit_events').where({ sequence: 2 }).delete();
    await expect(stores.audit.verify(CHAIN)).resolves.toBe(
      'Event 2 is missing.',
    );
  });

  it('notices a tail that was cut off', async () => {
    await stores.knex('audit_events').where({ sequence: 3 }).delete();
    await expect(stores.audit.verify(CHAIN)).resolves.toBe(
      'The chain ends at event 2, but its head is event 3.',
    );
  });

  it('still verifies with an old key after a new one signs', async () => {
    const rotated = new DatabaseAuditTrail({
      knex: stores.knex,
      clock: stores.clock,
      keys: [
        { id: 'new', secret: 'another secret' },
        { id: 'test', secret: 'a secret for tests' },
      ],
    });
    await rotated.append([eventOf('four')]);
    await expect(rotated.verify(CHAIN)).resolves.toBeUndefined();
    await expect(stores.audit.verify(CHAIN)).resolves.toBe(
      "Event 4 is signed with the unknown key 'new'.",
    );
  });
});
