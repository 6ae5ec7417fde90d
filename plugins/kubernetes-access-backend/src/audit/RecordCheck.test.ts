import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest } from '../testUtils/requests';
import type { AuditEvent } from './types';

describe.each(ENGINES)('the records of requests on %s', engine => {
  let stores: TestStores;
  let id: string;
  let people = 0;

  beforeEach(async () => {
    stores = await openTestStores({ clock: new ManualClock(), engine });
    id = await ask();
    await decide(id, 'user:default/olga');
  });

  afterEach(() => stores.close());

  const eventOf = (
    requestId: string,
    eventId: AuditEvent['eventId'],
    actor: string,
  ): AuditEvent => ({
    eventId,
    actor,
    outcome: 'succeeded',
    requestId,
    meta: {},
  });

  async function ask(): Promise<string> {
    people += 1;
    const request = aNewRequest({
      terms: { requester: `user:default/person-${people}` },
    });
    await stores.requests.create({
      ...request,
      audit: [eventOf(request.id, 'request-create', request.terms.requester)],
    });
    return request.id;
  }

  async function decide(request: string, actor: string): Promise<void> {
    await stores.requests.change(request, ({ digest }) => ({
      entries: [{ kind: 'decided', actor, verdict: 'approve', digest }],
      audit: [eventOf(request, 'request-decide', actor)],
    }));
  }

  const entries = () => stores.knex('record_entries').where({ request_id: id });

  /** As the whole and as one chain. */
  async function findings(): Promise<string[]> {
    const whole = await stores.archive.verify();
    const one = await stores.archive.verify({ chain: id });
    expect(one.findings).toEqual(whole.findings);
    expect(whole.findings.every(({ chain }) => chain === id)).toBe(true);
    return whole.findings.map(({ message }) => message);
  }

  it('are as the trail vouches for', async () => {
    expect(await findings()).toEqual([]);
  });

  it('show a decision that nobody made', async () => {
    const { digest } = (await stores.requests.get(id))!;
    const at = '2026-01-15T12:00:00.000Z';
    const entry = {
      kind: 'decided',
      at,
      actor: 'user:default/omar',
      verdict: 'approve',
      digest,
    };
    await stores.knex('record_entries').insert({
      request_id: id,
      sequence: 2,
      kind: 'decided',
      actor: 'user:default/omar',
      at,
      payload: JSON.stringify(entry),
      once: 'decided:user:default/omar',
    });
    expect(await findings()).toEqual([
      `The record says 'decided' by user:default/omar at ${at}, which the trail knows nothing of.`,
    ]);
  });

  it('show a decision that was turned round', async () => {
    const { payload } = await entries().where({ kind: 'decided' }).first();
    await entries()
      .where({ kind: 'decided' })
      .update({ payload: payload.replace('approve', 'deny') });
    expect(await findings()).toEqual([
      "The record says 'decided' by user:default/olga at 2026-01-15T12:00:00.000Z, which the trail knows nothing of.",
      'Event 2 speaks of an entry of the record that is not there as it was.',
    ]);
  });

  it('show a decision that was taken away', async () => {
    await entries().where({ kind: 'decided' }).delete();
    expect(await findings()).toEqual([
      'Event 2 speaks of an entry of the record that is not there as it was.',
    ]);
  });

  it('show a decision that was moved to another request', async () => {
    const other = await ask();
    await entries().where({ kind: 'decided' }).update({ request_id: other });
    const { findings: found } = await stores.archive.verify();
    expect(found.map(({ chain, kind }) => [chain, kind]).sort()).toEqual(
      [
        [id, 'record-missing'],
        [other, 'record-added'],
      ].sort(),
    );
  });

  it.each([
    ['terms', '{"targets":[]}'],
    ['terms', 'no JSON'],
    ['digest', 'sha256:0'],
  ])(
    'show a request that was made to be for something else: %s',
    async (column, value) => {
      await stores
        .knex('requests')
        .where({ id })
        .update({ [column]: value });
      expect(await findings()).toEqual([
        'What the request is for is not what was asked for.',
      ]);
    },
  );

  it('show what cannot even be read', async () => {
    await entries().where({ kind: 'decided' }).update({ payload: '{' });
    expect(await findings()).toHaveLength(2);
  });

  it('raise no alarm while people work', async () => {
    const work = async () => {
      for (let n = 0; n < 10; n++) {
        await decide(await ask(), 'user:default/olga');
      }
    };
    const [report] = await Promise.all([stores.archive.verify(), work()]);
    expect(report.findings).toEqual([]);
  });
});
