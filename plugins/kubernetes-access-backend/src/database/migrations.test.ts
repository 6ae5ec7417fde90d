import { readdir } from 'node:fs/promises';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import type { Knex } from 'knex';
import { openTestStores } from '../testUtils/database';
import type { TestDatabase } from '../testUtils/engines';
import { createTestDatabase, ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import { PreviousVersion } from '../testUtils/previousVersion';
import { aRequestId } from '../testUtils/requests';
import { migrate } from './migrate';
import { TABLES } from './tables';

jest.setTimeout(60_000);

const directory = resolvePackagePath(
  '@kubernetes-access/backstage-plugin-kubernetes-access-backend',
  'migrations',
);

describe.each(ENGINES)('migrations on %s', engine => {
  let database: TestDatabase;
  let knex: Knex;
  let files: string[];

  beforeEach(async () => {
    database = await createTestDatabase(engine);
    knex = database.connect();
    files = (await readdir(directory)).filter(f => f.endsWith('.js'));
  });
  afterEach(() => database.close());

  it('make every table', async () => {
    await migrate(knex);
    for (const table of Object.values(TABLES)) {
      expect([table, await knex.schema.hasTable(table)]).toEqual([table, true]);
    }
  });

  it('go up, down and up again', async () => {
    for (const _file of files) {
      await knex.migrate.up({ directory });
    }
    for (const _file of files) {
      await knex.migrate.down({ directory });
    }
    expect(await knex.schema.hasTable('requests')).toBe(false);
    await knex.migrate.latest({ directory });
    expect(await knex.schema.hasTable('audit_events')).toBe(true);
  });

  it('run once when two replicas start at the same moment', async () => {
    const replicas = engine === 'sqlite' ? [knex] : [knex, database.connect()];
    await Promise.all(replicas.map(migrate));
    expect(await knex.schema.hasTable('reap_queue')).toBe(true);
  });

  describe('with what the version before has stored', () => {
    const asked = aRequestId();
    const session = aRequestId();
    let before: PreviousVersion;

    beforeEach(async () => {
      await knex.migrate.up({ directory });
      before = new PreviousVersion(knex);
      await before.ask(asked, 'user:default/ada', 'Überlauf: "50%"');
      await before.approve(asked, 'user:default/olga');
      await before.openSession(session, asked);
      await migrate(knex);
    });

    it('keep it, and today’s code reads it', async () => {
      const stores = await openTestStores({ clock: new ManualClock(), knex });
      await expect(stores.requests.get(asked)).resolves.toMatchObject({
        requester: 'user:default/ada',
        entries: [{ kind: 'asked' }, { kind: 'decided' }],
      });
      const [stored] = await stores.sessions.listByRequest(asked);
      expect(stored).toMatchObject({ id: session, state: 'open' });
      expect(stored).not.toHaveProperty('userInCatalog');
    });

    it('let it be found by what it is about, by whom, and who decided', async () => {
      const { requests } = await openTestStores({
        clock: new ManualClock(),
        knex,
      });
      for (const word of ['PAYMENTS-API', 'Ada', 'überlauf', '50%', 'olga']) {
        const { items } = await requests.list({ search: [word], limit: 10 });
        expect([word, items.map(({ id }) => id)]).toEqual([word, [asked]]);
      }
    });

    it('let what that version asks meanwhile be found as well', async () => {
      const another = aRequestId();
      await before.ask(another, 'user:default/sam', 'The "Ledger" is stuck.');
      const { requests } = await openTestStores({
        clock: new ManualClock(),
        knex,
      });
      for (const word of ['SAM', '"ledger"', 'stuck.']) {
        const { items } = await requests.list({ search: [word], limit: 10 });
        expect([word, items.map(({ id }) => id)]).toEqual([word, [another]]);
      }
    });

    it('let today’s code finish what that version began', async () => {
      const stores = await openTestStores({ clock: new ManualClock(), knex });
      await expect(
        stores.sessions.closeAbandoned('It was replaced.'),
      ).resolves.toMatchObject([{ id: session, state: 'closed' }]);
      await expect(knex('reap_queue').select()).resolves.toMatchObject([
        { session_id: session },
      ]);
    });

    it('let that version go on meanwhile', async () => {
      const another = aRequestId();
      const later = aRequestId();
      await before.closeSession(session);
      await before.ask(another, 'user:default/sam');
      await before.openSession(later, another);
      await before.closeSession(later);
      const stores = await openTestStores({ clock: new ManualClock(), knex });
      await expect(
        stores.sessions.listByRequest(another),
      ).resolves.toMatchObject([{ state: 'closed', bytesOut: 5_000_000_000 }]);
    });

    it('let that version go on after they were taken back', async () => {
      for (const _file of files.slice(1)) {
        await knex.migrate.down({ directory });
      }
      await before.ask(aRequestId(), 'user:default/sam');
      await expect(knex('requests').count({ n: '*' })).resolves.toEqual([
        { n: engine === 'sqlite' ? 2 : '2' },
      ]);
    });
  });
});
