import { mockServices } from '@backstage/backend-test-utils';
import type { Entity } from '@backstage/catalog-model';
import { catalogServiceMock } from '@backstage/plugin-catalog-node/testUtils';
import { aComponent, aUser } from '../testUtils/catalog';
import { ManualClock } from '../testUtils/ManualClock';
import { DisplayNames } from './DisplayNames';

const OLGA = 'user:default/olga';

const called = (displayName: string): Entity => ({
  ...aUser('olga'),
  spec: { profile: { displayName } },
});

describe('DisplayNames', () => {
  let clock: ManualClock;
  let entities: Entity[];
  let asked: string[][];
  let answer: (() => Promise<never>) | undefined;
  let names: DisplayNames;

  beforeEach(() => {
    clock = new ManualClock();
    entities = [called('Olga Owner'), aUser('omar')];
    asked = [];
    answer = undefined;
    names = new DisplayNames({
      clock,
      auth: mockServices.auth(),
      logger: mockServices.logger.mock(),
      catalog: {
        getEntitiesByRefs: async request => {
          asked.push(request.entityRefs);
          return (
            (await answer?.()) ??
            catalogServiceMock({ entities }).getEntitiesByRefs(request)
          );
        },
      },
    });
  });

  it('are those of the catalog, once they are learnt', async () => {
    expect(names.of(OLGA)).toBe('olga');
    await names.learn([OLGA, OLGA]);
    expect(names.of(OLGA)).toBe('Olga Owner');
    expect(asked).toEqual([[OLGA]]);
  });

  it('are titles for what is no person', async () => {
    const component = aComponent('payments-api', 'payments');
    component.metadata.title = 'Payments API';
    entities.push(component);
    await names.learn(['component:default/payments-api']);
    expect(names.of('component:default/payments-api')).toBe('Payments API');
  });

  it.each([
    ['has none', 'user:default/omar', 'omar'],
    ['does not know', 'user:default/zoe', 'zoe'],
  ])('are those of the ref where the catalog %s', async (_, ref, name) => {
    await names.learn([ref]);
    expect(names.of(ref)).toBe(name);
  });

  it('are asked for again after some minutes, and told meanwhile', async () => {
    await names.learn([OLGA]);
    await names.learn([OLGA]);
    expect(asked).toHaveLength(1);

    entities[0] = called('Olga Other');
    await clock.advance(5 * 60_000);
    expect(names.of(OLGA)).toBe('Olga Owner');
    await names.learn([OLGA]);
    expect(names.of(OLGA)).toBe('Olga Other');
  });

  it('keep nobody waiting when the catalog hangs', async () => {
    answer = () => new Promise<never>(() => {});
    let isDone = false;
    const learning = names.learn([OLGA]).then(() => {
      isDone = true;
    });
    await clock.advance(999);
    expect(isDone).toBe(false);
    await clock.advance(1);
    await learning;
    expect(names.of(OLGA)).toBe('olga');
  });

  it('do without a catalog that fails', async () => {
    answer = () => Promise.reject(new Error('no catalog'));
    await expect(names.learn([OLGA])).resolves.toBeUndefined();
    expect(names.of(OLGA)).toBe('olga');
  });

  it.each([
    ['two lines', 'Olga\nrevoked nothing', 'Olgarevoked nothing'],
    ['letters that turn the line round', '\u202eagOl', 'agOl'],
    ['nothing', '  \u200b', 'olga'],
    ['a novel', 'O'.repeat(1000), 'O'.repeat(80)],
  ])('fit into a sentence, also when they are %s', async (_, name, told) => {
    entities[0] = called(name);
    await names.learn([OLGA]);
    expect(names.of(OLGA)).toBe(told);
  });

  it('are not asked for what is no entity', async () => {
    await names.learn(['system', 'outside Backstage, unknown']);
    expect(asked).toEqual([]);
  });
});
