import { readdir } from 'node:fs/promises';
import { resolvePackagePath } from '@backstage/backend-plugin-api';
import { TestDatabases } from '@backstage/backend-test-utils';

jest.setTimeout(60_000);

const directory = resolvePackagePath(
  '@kubernetes-access/backstage-plugin-kubernetes-access-backend',
  'migrations',
);

describe('migrations', () => {
  const databases = TestDatabases.create({ ids: ['SQLITE_3'] });

  it.each(databases.eachSupportedId())(
    'go up, down and up again on %s',
    async id => {
      const knex = await databases.init(id);
      const files = (await readdir(directory)).filter(f => f.endsWith('.js'));
      for (const _file of files) {
        await knex.migrate.up({ directory });
      }
      expect(await knex.schema.hasTable('requests')).toBe(true);
      for (const _file of files) {
        await knex.migrate.down({ directory });
      }
      expect(await knex.schema.hasTable('requests')).toBe(false);
      await knex.migrate.latest({ directory });
      expect(await knex.schema.hasTable('audit_events')).toBe(true);
      await knex.destroy();
    },
  );
});
