import { mockServices } from '@backstage/backend-test-utils';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { demoCatalog } from '../testUtils/catalog';
import { EntityReader } from './EntityReader';

describe('EntityReader', () => {
  const asked: string[][] = [];
  let error: Error | undefined;
  let entities = demoCatalog();
  let reader: EntityReader;

  beforeEach(() => {
    asked.length = 0;
    error = undefined;
    entities = demoCatalog();
    reader = new EntityReader({
      auth: mockServices.auth(),
      catalog: catalogServiceMock.mock({
        getEntitiesByRefs: async request => {
          asked.push(request.entityRefs);
          if (error) {
            throw error;
          }
          return catalogServiceMock({ entities }).getEntitiesByRefs(request);
        },
      }),
    });
  });

  const namesOf = async (...refs: string[]) =>
    (await reader.read(refs)).map(entity => entity?.metadata.name);

  it('asks once for all that is wanted in the same turn, and answers each', async () => {
    expect(
      await Promise.all([
        namesOf('user:default/olga', 'user:default/nobody'),
        namesOf('component:default/payments-api', 'user:default/olga'),
      ]),
    ).toEqual([
      ['olga', undefined],
      ['payments-api', 'olga'],
    ]);
    expect(asked).toEqual([
      [
        'user:default/olga',
        'user:default/nobody',
        'component:default/payments-api',
      ],
    ]);
  });

  it('keeps nothing', async () => {
    expect(await namesOf('user:default/olga')).toEqual(['olga']);
    entities = [];
    expect(await namesOf('user:default/olga')).toEqual([undefined]);
  });

  it('tells everybody of a catalog that does not answer, and asks again', async () => {
    error = new Error('The catalog is away');
    const answers = await Promise.allSettled([
      reader.read(['user:default/olga']),
      reader.read(['user:default/ada']),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([
      'rejected',
      'rejected',
    ]);
    error = undefined;
    expect(await namesOf('user:default/olga')).toEqual(['olga']);
  });

  it('asks for many in several questions', async () => {
    const many = Array.from({ length: 400 }, (_, i) => `user:default/u${i}`);
    await Promise.all([reader.read(many), reader.read(['user:default/olga'])]);
    expect(asked).toHaveLength(1);
    await Promise.all([
      reader.read(many),
      reader.read(many.map(ref => `${ref}-too`)),
    ]);
    expect(asked.slice(1).map(({ length }) => length)).toEqual([400, 400]);
  });

  it('asks nothing for nobody', async () => {
    expect(await reader.read([])).toEqual([]);
    expect(asked).toEqual([]);
  });
});
