import type { StoredRequest } from '../database/types';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { anApproval, aNewRequest } from '../testUtils/requests';
import { reviewRecord } from './reviewRecord';

const UNTIL = 'kubernetes-access.io/recorded-until';
const ENTRY = 'kubernetes-access.io/recorded-entry';
const NOON = '2026-01-15T12:00:00.000Z';

describe('reviewRecord', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let request: StoredRequest;

  beforeEach(async () => {
    clock = new ManualClock(NOON);
    stores = await openTestStores({ clock });
    request = await stores.requests.create(aNewRequest());
  });

  afterEach(() => stores.close());

  const review = (annotations: Record<string, string>) =>
    reviewRecord(
      stores.requests,
      until => `unknown until ${until}`,
    )(annotations);

  async function approve(): Promise<void> {
    await stores.requests.change(request.id, current => ({
      entries: [anApproval(current)],
    }));
  }

  it('names the newest entry of the whole record', async () => {
    expect(await review({})).toEqual({
      annotations: { [UNTIL]: NOON, [ENTRY]: `${request.id}/0` },
    });
    await clock.advance(60_000);
    await approve();
    expect(await review({})).toEqual({
      annotations: {
        [UNTIL]: '2026-01-15T12:01:00.000Z',
        [ENTRY]: `${request.id}/1`,
      },
    });
  });

  it('has nothing to name when nothing is on record', async () => {
    const empty = await openTestStores({ clock });
    expect(await reviewRecord(empty.requests, () => '')({})).toEqual({
      annotations: {},
    });
    await empty.close();
  });

  it('accepts what it said itself, however much came after it', async () => {
    const said = await review({});
    await clock.advance(60_000);
    await approve();
    expect(await review('annotations' in said ? said.annotations : {})).toEqual(
      { annotations: expect.objectContaining({ [ENTRY]: `${request.id}/1` }) },
    );
  });

  it('refuses a record that ends before what the cluster knows', async () => {
    expect(await review({ [UNTIL]: '2026-01-15T12:00:00.001Z' })).toEqual({
      refusal: 'unknown until 2026-01-15T12:00:00.001Z',
    });
  });

  it('refuses an empty record where the cluster knows one', async () => {
    const empty = await openTestStores({ clock });
    expect(
      await reviewRecord(empty.requests, () => 'no')({ [UNTIL]: NOON }),
    ).toEqual({ refusal: 'no' });
    await empty.close();
  });

  it.each([
    ['a request that is not on record', '01hzzzzzzzzzzzzzzzzzzzzzzz/0', NOON],
    ['an entry that was not made', undefined, NOON],
  ])(
    'refuses a record that is newer but lacks %s: it is another one',
    async (_, entry, until) => {
      await clock.advance(60_000);
      await approve();
      expect(
        await review({ [UNTIL]: until, [ENTRY]: entry ?? `${request.id}/7` }),
      ).toEqual({ refusal: expect.any(String) });
    },
  );

  it('refuses a record in which that entry is of another instant', async () => {
    await clock.advance(60_000);
    await approve();
    expect(
      await review({
        [UNTIL]: '2026-01-15T12:00:30.000Z',
        [ENTRY]: `${request.id}/1`,
      }),
    ).toEqual({ refusal: expect.any(String) });
  });

  it.each([
    ['nothing', {}],
    ['no instant', { [UNTIL]: 'yesterday' }],
    ['an entry without an instant', { [ENTRY]: 'unknown/3' }],
    ['an instant without an entry', { [UNTIL]: NOON }],
    ['no name of an entry', { [UNTIL]: NOON, [ENTRY]: '../../x' }],
  ])('is not put off by an annotation that says %s', async (_, annotations) => {
    expect(await review(annotations)).toEqual({
      annotations: { [UNTIL]: NOON, [ENTRY]: `${request.id}/0` },
    });
  });
});
