import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import type { AuditEvent } from './types';

const CHAIN = '01jhz0000000000000000000aa';

const eventOf = (note: string): AuditEvent => ({
  eventId: 'request-decide',
  actor: 'user:default/olga',
  outcome: 'succeeded',
  requestId: CHAIN,
  meta: { note },
});

describe.each(ENGINES)('the audit trail on %s', engine => {
  let stores: TestStores;

  beforeEach(async () => {
    stores = await openTestStores({ clock: new ManualClock(), engine });
    await stores.audit.append([eventOf('one'), eventOf('two')]);
  });

  afterEach(() => stores.close());

  it('keeps the events of a chain in order, each bound to the one before', async () => {
    const events = await stores.audit.read(CHAIN);
    expect(events.map(({ sequence, meta }) => [sequence, meta.note])).toEqual([
      [1, 'one'],
      [2, 'two'],
    ]);
    expect(events.map(({ previous }) => previous)).toEqual(['', events[0].mac]);
    expect(await stores.audit.heads([CHAIN, 'another'])).toEqual([
      { chain: CHAIN, sequence: 2, mac: events[1].mac },
    ]);
  });

  it('keeps what belongs to no request in a chain of its own', async () => {
    await stores.audit.append([{ ...eventOf('x'), requestId: undefined }]);
    await expect(stores.audit.read('system')).resolves.toHaveLength(1);
  });

  it('names each chain of a request once in the index of chains', async () => {
    await stores.audit.append([{ ...eventOf('x'), requestId: undefined }]);
    await stores.audit.append([eventOf('three')]);
    expect(await stores.audit.read('chains')).toMatchObject([
      { eventId: 'chain-start', meta: { chain: CHAIN } },
    ]);
  });

  it('tells of what was committed, and of nothing else', async () => {
    const heard: string[] = [];
    stores.audit.onAppend(chain => heard.push(chain));
    const at = new Date();
    await stores.knex
      .transaction(async transaction => {
        await stores.audit.appendIn(transaction, [eventOf('never')], at);
        throw new Error('undone');
      })
      .catch(() => {});
    expect(heard).toEqual([]);
    await stores.audit.append([eventOf('three')]);
    expect(heard).toEqual([CHAIN]);
  });
});
