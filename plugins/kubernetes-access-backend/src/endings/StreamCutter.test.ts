import { mockServices } from '@backstage/backend-test-utils';
import type { StoredRequest } from '../database/types';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { anApproval, aNewRequest } from '../testUtils/requests';
import { RequestEndings } from './RequestEndings';
import { StreamCutter } from './StreamCutter';

describe('StreamCutter', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let cutter: StreamCutter;
  let request: StoredRequest;
  const cuts: Array<{ id: string; reason: string; message: string }> = [];
  const forgotten: string[] = [];
  const called = new Map<string, string>();

  beforeEach(async () => {
    cuts.length = 0;
    forgotten.length = 0;
    called.clear();
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    cutter = new StreamCutter({
      changes: stores.requests,
      store: stores.requests,
      sessions: {
        cut: (id, end) => cuts.push({ id, ...end }),
        requestIds: () => [],
        count: () => 0,
      },
      tokens: { forget: id => forgotten.push(id) },
      names: {
        of: ref => called.get(ref) ?? ref.split('/')[1],
        learn: async refs => {
          refs.forEach(ref => called.set(ref, `Known as ${ref}`));
        },
      },
      clock,
      logger: mockServices.logger.mock(),
    });
    cutter.start();
    request = await stores.requests.create(aNewRequest());
    await stores.requests.change(request.id, (current, now) => ({
      entries: [
        anApproval(current),
        {
          kind: 'started',
          actor: 'system',
          startsAt: now.toISOString(),
          expiresAt: new Date(now.getTime() + 3600_000).toISOString(),
        },
      ],
    }));
  });

  afterEach(async () => {
    cutter.stop();
    await stores.close();
  });

  it('cuts when the end is committed, before anybody who waits for it knows', async () => {
    await new RequestEndings({ store: stores.requests }).end(request.id, {
      reason: 'revoked',
      actor: 'user:default/olga',
    });
    expect(cuts).toEqual([
      {
        id: request.id,
        reason: 'revoked',
        message: 'Known as user:default/olga revoked the access.',
      },
    ]);
    expect(forgotten).toEqual([request.id]);
  });

  it('says the name in the ref of somebody who was not heard of before', async () => {
    await new RequestEndings({ store: stores.requests }).end(request.id, {
      reason: 'revoked',
      actor: 'user:default/pia',
    });
    expect(cuts.map(({ message }) => message)).toEqual([
      'pia revoked the access.',
    ]);
  });

  it('cuts at the instant of expiry, with nobody doing anything', async () => {
    await clock.advance(3600_000 - 1);
    expect(cuts).toEqual([]);
    await clock.advance(1);
    expect(cuts).toEqual([
      { id: request.id, reason: 'expired', message: 'Your time was up.' },
    ]);
  });

  it('cuts nothing of a request that goes on', async () => {
    await stores.requests.change(request.id, () => ({
      observed: { grantedAt: new Date(clock.now()).toISOString() },
    }));
    expect(cuts).toEqual([]);
  });

  it('leaves no timer behind', async () => {
    await clock.advance(0);
    cutter.stop();
    expect(clock.pending).toBe(0);
  });
});

describe('RequestEndings', () => {
  it('says how, when and by whom a request has ended already', async () => {
    const clock = new ManualClock();
    const stores = await openTestStores({ clock });
    const { id } = await stores.requests.create(aNewRequest());
    const endings = new RequestEndings({ store: stores.requests });
    await endings.end(id, { reason: 'cancelled', actor: 'user:default/ada' });
    await expect(
      endings.end(id, { reason: 'revoked', actor: 'user:default/olga' }),
    ).rejects.toThrow(
      /has already ended: cancelled at 2026-01-15T12:00:00.000Z by user:default\/ada/,
    );
    const events = await stores.audit.read(id);
    expect(events.map(({ eventId }) => eventId)).toEqual(['request-end']);
    await stores.close();
  });
});
