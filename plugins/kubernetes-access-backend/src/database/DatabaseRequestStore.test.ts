import type { AccessRequestPhase } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { stateAt } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { openTestStores } from '../testUtils/database';
import { ENGINES } from '../testUtils/engines';
import type { TestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { anApproval, aNewRequest } from '../testUtils/requests';
import type { RecordEntryInput, StoredRequest } from './types';

describe.each(ENGINES)('DatabaseRequestStore on %s', engine => {
  let clock: ManualClock;
  let stores: TestStores;

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock, engine });
  });
  afterEach(() => stores.close());

  const create = (overrides = {}) =>
    stores.requests.create(aNewRequest(overrides));

  it('gives back what was stored, with its first entry', async () => {
    const created = await create();
    expect(await stores.requests.get(created.id)).toEqual(created);
    expect(created.entries).toEqual([
      {
        kind: 'asked',
        actor: 'user:default/ada',
        at: '2026-01-15T12:00:00.000Z',
        digest: created.digest,
      },
    ]);
  });

  it('refuses a second open request for the same pods and names the first', async () => {
    const { id } = await create();
    await expect(create()).rejects.toThrow(`('${id}')`);
  });

  it('lets the same person ask again once the first request has ended', async () => {
    const { id } = await create();
    await stores.requests.change(id, () => ({
      entries: [
        { kind: 'ended', actor: 'user:default/ada', reason: 'cancelled' },
      ],
    }));
    await expect(create()).resolves.toMatchObject({ revision: 1 });
  });

  it('lets the same person ask again when the clock has ended the first request and nobody noticed', async () => {
    await create({ pendingSeconds: 60 });
    await clock.advance(60_000);
    await expect(create()).resolves.toMatchObject({ revision: 1 });
  });

  it('finds the first request when a call is repeated with its key', async () => {
    const first = await create({ idempotencyKey: 'k1' });
    const second = await create({ idempotencyKey: 'k1' });
    expect(second.id).toBe(first.id);
  });

  it('refuses a key that was used for something else', async () => {
    await create({ idempotencyKey: 'k1' });
    await expect(
      create({ idempotencyKey: 'k1', terms: { durationSeconds: 900 } }),
    ).rejects.toThrow('was used for another request');
  });

  it('appends what a change says, with the time of the database', async () => {
    const { id } = await create();
    await clock.advance(5_000);
    const changed = await stores.requests.change(id, current => ({
      entries: [anApproval(current)],
    }));
    expect(changed.revision).toBe(2);
    expect(changed.entries[1]).toMatchObject({
      kind: 'decided',
      at: '2026-01-15T12:00:05.000Z',
    });
  });

  it('changes nothing when the change throws', async () => {
    const created = await create();
    await expect(
      stores.requests.change(created.id, () => {
        throw new Error('no');
      }),
    ).rejects.toThrow('no');
    expect(await stores.requests.get(created.id)).toEqual(created);
  });

  it('takes no second decision of the same person', async () => {
    const { id } = await create({
      terms: { policy: { name: 'two', approvals: 2 } },
    });
    const approve = () =>
      stores.requests.change(id, current => ({
        entries: [anApproval(current)],
      }));
    await approve();
    await expect(approve()).rejects.toThrow('somebody else');
  });

  it('commits audit events with their effect, or neither', async () => {
    const { id } = await create();
    const audit = [
      {
        eventId: 'request-decide' as const,
        actor: 'user:default/olga',
        outcome: 'succeeded' as const,
        requestId: id,
        meta: {},
      },
    ];
    const change = (entries: RecordEntryInput[]) =>
      stores.requests.change(id, () => ({ entries, audit }));
    const end: RecordEntryInput = {
      kind: 'ended',
      actor: 'user:default/ada',
      reason: 'cancelled',
    };
    await change([end]);
    await expect(change([end])).rejects.toThrow();
    await expect(stores.audit.read(id)).resolves.toHaveLength(1);
  });

  it('tells listeners of each change after it is committed, and of nothing else', async () => {
    const heard: Array<[number, number]> = [];
    stores.requests.onChange(request => {
      heard.push([request.revision, request.entries.length]);
    });
    const { id } = await create();
    await stores.requests.change(id, () => ({}));
    await stores.requests.change(id, current => ({
      entries: [anApproval(current)],
    }));
    expect(heard).toEqual([
      [1, 1],
      [2, 2],
    ]);
  });

  it('tells the other listeners, and keeps what is committed, when one of them fails', async () => {
    const heard: number[] = [];
    stores.requests.onChange(() => {
      throw new Error('a listener that fails');
    });
    stores.requests.onChange(({ revision }) => heard.push(revision));
    const { id } = await create();
    await expect(stores.requests.get(id)).resolves.toMatchObject({ id });
    expect(heard).toEqual([1]);
  });

  it('does not show the requests of another installation on the same database', async () => {
    const { id } = await create();
    const other = await openTestStores({
      clock,
      knex: stores.knex,
      installationId: 'installation-2',
    });
    await expect(other.requests.get(id)).resolves.toBeUndefined();
  });

  describe('lists', () => {
    const idsOf = (items: StoredRequest[]) => items.map(({ id }) => id);
    const olga = {
      owners: ['group:default/payments'],
      user: 'user:default/olga',
    };
    const sam = {
      owners: ['group:default/storefront'],
      user: 'user:default/sam',
    };

    it('pages newest first', async () => {
      const made: string[] = [];
      for (const name of ['a', 'b', 'c']) {
        const request = await create({
          terms: {
            entityRef: `component:default/${name}`,
            requester: `user:default/${name}`,
          },
        });
        made.unshift(request.id);
      }
      const first = await stores.requests.list({ limit: 2 });
      const second = await stores.requests.list({
        limit: 2,
        cursor: first.nextCursor,
      });
      expect([...idsOf(first.items), ...idsOf(second.items)]).toEqual(made);
      expect(second.nextCursor).toBeUndefined();
    });

    it('what waits for an owner, but not for a stranger or the requester', async () => {
      const { id } = await create();
      const waiting = async (person: typeof olga) =>
        idsOf(
          (
            await stores.requests.list({
              decidableBy: person,
              phases: ['Pending'],
              limit: 10,
            })
          ).items,
        );
      expect(await waiting(olga)).toEqual([id]);
      expect(await waiting(sam)).toEqual([]);
      expect(await waiting({ ...olga, user: 'user:default/ada' })).toEqual([]);
    });

    it('nothing as waiting after the deadline, although nobody cleaned up', async () => {
      await create({ pendingSeconds: 60 });
      await clock.advance(60_000);
      const { items } = await stores.requests.list({
        decidableBy: olga,
        phases: ['Pending'],
        limit: 10,
      });
      expect(items).toEqual([]);
    });

    it('to a person what they asked for or may decide on', async () => {
      const { id } = await create();
      const visible = async (person: typeof olga) =>
        idsOf(
          (await stores.requests.list({ visibleTo: person, limit: 10 })).items,
        );
      expect(await visible({ owners: [], user: 'user:default/ada' })).toEqual([
        id,
      ]);
      expect(await visible(olga)).toEqual([id]);
      expect(await visible(sam)).toEqual([]);
    });

    it('a request as open until the clock ends it', async () => {
      const { id } = await create({ pendingSeconds: 60 });
      const open = async (value: boolean) =>
        idsOf((await stores.requests.list({ open: value, limit: 10 })).items);
      expect(await open(true)).toEqual([id]);
      expect(await open(false)).toEqual([]);
      await clock.advance(60_000);
      expect(await open(true)).toEqual([]);
      expect(await open(false)).toEqual([id]);
    });

    describe('what is searched for', () => {
      const found = async (...search: string[]) =>
        idsOf((await stores.requests.list({ search, limit: 10 })).items);

      it('in entity, requester and reason, in upper or lower case', async () => {
        const { id } = await create({
          terms: {
            entityRef: 'component:default/ledger',
            requester: 'user:default/zora',
            reason: 'The "queue"\nis 100% stuck: C:\\temp',
          },
        });
        await create();
        expect(await found('LEDGER')).toEqual([id]);
        expect(await found('zor')).toEqual([id]);
        expect(await found('"Queue"')).toEqual([id]);
        expect(await found('100%')).toEqual([id]);
        expect(await found('c:\\TEMP')).toEqual([id]);
        expect(await found('ledger', 'zora', 'stuck')).toEqual([id]);
        expect(await found('ledger', 'ada')).toEqual([]);
      });

      it('also in who decided', async () => {
        const { id } = await create();
        expect(await found('olga')).toEqual([]);
        await stores.requests.change(id, current => ({
          entries: [anApproval(current)],
        }));
        expect(await found('olga')).toEqual([id]);
      });

      it('in letters of any language, however a keyboard composes them', async () => {
        const { id } = await create({
          terms: { reason: 'Überlauf bei ŁÓDŹ, façade ΑΒΓ' },
        });
        for (const word of ['ÜBERLAUF', 'über', 'łódź', 'FAÇADE', 'αβγ']) {
          expect([word, await found(word)]).toEqual([word, [id]]);
          expect(await found(word.normalize('NFD'))).toEqual([id]);
        }
      });

      it('and never in the names of fields, across two of them, nor as a pattern', async () => {
        await create();
        for (const word of [
          'durationSeconds',
          'the_queue',
          'q%k',
          '%',
          '_',
          '\\',
          'apiuser',
        ]) {
          expect([word, await found(word)]).toEqual([word, []]);
        }
      });
    });

    it('those of a span of time', async () => {
      const early = await create({ terms: { requester: 'user:default/a' } });
      await clock.advance(60_000);
      const late = await create({ terms: { requester: 'user:default/b' } });
      const asked = async (span: {
        askedFrom?: string;
        askedBefore?: string;
      }) => idsOf((await stores.requests.list({ ...span, limit: 10 })).items);
      expect(await asked({ askedFrom: late.createdAt })).toEqual([late.id]);
      expect(await asked({ askedBefore: late.createdAt })).toEqual([early.id]);
    });

    it('a request in the phase in which it is now, whatever it was at its last change', async () => {
      const { id } = await create({ pendingSeconds: 60 });
      const inPhase = async (...phases: AccessRequestPhase[]) =>
        idsOf((await stores.requests.list({ phases, limit: 10 })).items);
      expect(await inPhase('Pending', 'Active')).toEqual([id]);
      expect(await inPhase('Expired', 'Denied')).toEqual([]);
      await clock.advance(60_000);
      expect(await inPhase('Pending', 'Active')).toEqual([]);
      expect(await inPhase('Expired')).toEqual([id]);
      await stores.requests.change(id, () => ({ observed: {}, notified: [] }));
      expect(await inPhase('Expired')).toEqual([id]);

      const denied = await create();
      await stores.requests.change(denied.id, current => ({
        entries: [{ ...anApproval(current), verdict: 'deny' }],
      }));
      expect(await inPhase('Denied', 'Revoked')).toEqual([denied.id]);
    });

    it('a request as unfinished until its removal is verified', async () => {
      const created = await create();
      const unfinished = async () =>
        idsOf(await stores.requests.listUnfinished(created.terms.clusterUid));
      await stores.requests.change(created.id, () => ({
        entries: [
          { kind: 'ended', actor: 'user:default/ada', reason: 'cancelled' },
        ],
      }));
      expect(await unfinished()).toEqual([created.id]);
      const done = await stores.requests.change(created.id, () => ({
        observed: { removal: { state: 'removed' } },
      }));
      expect(await unfinished()).toEqual([]);
      expect(stateAt(done, done.observed, new Date(clock.now())).phase).toBe(
        'Cancelled',
      );
    });
  });
});
