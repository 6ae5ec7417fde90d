import { mockServices } from '@backstage/backend-test-utils';
import type { NotificationSendOptions } from '@backstage/plugin-notifications-node';
import type { RequestStore, StoredRequest } from '../database/types';
import type { TestStores } from '../testUtils/database';
import { openTestStores } from '../testUtils/database';
import { ManualClock } from '../testUtils/ManualClock';
import { aNewRequest } from '../testUtils/requests';
import { RequestAnnouncer } from './RequestAnnouncer';

describe('RequestAnnouncer', () => {
  let clock: ManualClock;
  let stores: TestStores;
  let store: RequestStore;
  let stop: (() => Promise<void>) | undefined;
  const logger = mockServices.logger.mock();
  const sent: NotificationSendOptions[] = [];
  const signals: unknown[] = [];

  beforeEach(async () => {
    clock = new ManualClock();
    stores = await openTestStores({ clock });
    store = stores.requests;
    sent.length = 0;
    signals.length = 0;
    logger.warn.mockClear();
  });

  afterEach(async () => {
    await stop?.();
    await stores.close();
  });

  const notifications = {
    send: async (options: NotificationSendOptions) => {
      sent.push(options);
    },
  };

  function start(
    services: Partial<ConstructorParameters<typeof RequestAnnouncer>[0]> = {},
  ) {
    stop = new RequestAnnouncer({
      store,
      clock,
      logger,
      notifications,
      signals: {
        publish: async signal => {
          signals.push(signal);
        },
      },
      ...services,
    }).start();
  }

  const decide = (request: StoredRequest, verdict: 'approve' | 'deny') =>
    store.change(request.id, () => ({
      entries: [
        {
          kind: 'decided',
          actor: 'user:default/olga',
          verdict,
          digest: request.digest,
          ...(verdict === 'deny' ? { comment: 'Use staging.' } : {}),
        },
      ],
    }));

  it('tells those who can decide, and notes whom', async () => {
    start();
    const { id } = await store.create(aNewRequest());
    await stop?.();
    expect(sent).toEqual([
      {
        recipients: {
          type: 'entity',
          entityRef: ['user:default/olga', 'user:default/omar'],
        },
        payload: expect.objectContaining({
          title: 'ada asks for access to payments-api',
          link: `/kubernetes-access/requests/${id}`,
          scope: `kubernetes-access:${id}`,
        }),
      },
    ]);
    expect((await store.get(id))?.notified).toEqual([
      'user:default/olga',
      'user:default/omar',
    ]);
  });

  it('does not warn of what is good', async () => {
    const request = await store.create(aNewRequest());
    start();
    await decide(request, 'approve');
    await stop?.();
    expect(sent).toMatchObject([
      {
        payload: {
          title: 'olga approved your access to payments-api',
          severity: 'normal',
        },
      },
    ]);
  });

  it('tells the requester of a decision, with what was said', async () => {
    const request = await store.create(aNewRequest());
    start();
    await decide(request, 'deny');
    await stop?.();
    expect(sent).toMatchObject([
      {
        recipients: { entityRef: ['user:default/ada'] },
        payload: {
          title: 'olga denied your access to payments-api',
          description: 'Use staging.',
          severity: 'high',
        },
      },
    ]);
  });

  it.each([
    [
      'user:default/pia',
      'revoked',
      ['pia revoked your access to payments-api'],
    ],
    [
      'system',
      'expired',
      ['Your request for payments-api has ended: it was not granted in time'],
    ],
    ['user:default/ada', 'cancelled', []],
  ] as const)(
    'tells the requester of an end by %s: %s',
    async (actor, reason, titles) => {
      const { id } = await store.create(aNewRequest());
      start();
      await store.change(id, () => ({
        entries: [{ kind: 'ended', actor, reason }],
      }));
      await stop?.();
      expect(sent.map(({ payload }) => payload.title)).toEqual(titles);
    },
  );

  it('tells the browsers of all concerned to look again, by ids only', async () => {
    const request = await store.create(aNewRequest());
    start();
    await decide(request, 'approve');
    await stop?.();
    expect(signals).toEqual([
      {
        channel: 'kubernetes-access',
        recipients: {
          type: 'user',
          entityRef: [
            'user:default/ada',
            'user:default/olga',
            'user:default/omar',
          ],
        },
        message: { requestId: request.id, entityRef: request.terms.entityRef },
      },
    ]);
  });

  it('calls people as the catalog does', async () => {
    const called: Record<string, string> = {};
    start({
      names: {
        of: ref => called[ref] ?? 'nobody knows',
        learn: async refs => {
          refs.forEach(ref => {
            called[ref] = `${ref.split('/')[1].toUpperCase()}, as known`;
          });
        },
      },
    });
    await store.create(aNewRequest());
    await stop?.();
    expect(sent.map(({ payload }) => payload.title)).toEqual([
      'ADA, as known asks for access to PAYMENTS-API, as known',
    ]);
  });

  it('lets no browser look again at a mere start, only at the grant that follows it', async () => {
    const request = await store.create(aNewRequest());
    await decide(request, 'approve');
    start();
    await store.change(request.id, (_, now) => ({
      entries: [
        {
          kind: 'started',
          actor: 'system',
          startsAt: now.toISOString(),
          expiresAt: new Date(now.getTime() + 60_000).toISOString(),
        },
      ],
    }));
    expect(signals).toEqual([]);
    await store.change(request.id, (_, now) => ({
      observed: { grantedAt: now.toISOString() },
    }));
    await stop?.();
    expect(signals).toHaveLength(1);
  });

  describe('about an approval', () => {
    let request: StoredRequest;

    beforeEach(async () => {
      request = await store.create(aNewRequest());
      start();
      await decide(request, 'approve');
    });

    const grant = () =>
      store.change(request.id, (_, now) => ({
        observed: { grantedAt: now.toISOString() },
      }));

    it('lets browsers look once, when the grant stands', async () => {
      expect(signals).toEqual([]);
      await grant();
      expect(signals).toHaveLength(1);
      await clock.advance(10_000);
      await stop?.();
      expect(signals).toHaveLength(1);
    });

    it('lets browsers look soon where the grant takes its time', async () => {
      await clock.advance(250);
      expect(signals).toHaveLength(1);
      await grant();
      expect(signals).toHaveLength(2);
    });

    it('notifies people when what it leads to has had its turn', async () => {
      await grant();
      expect(sent).toEqual([]);
      await clock.advance(500);
      expect(sent.map(({ payload }) => payload.title)).toEqual([
        'olga approved your access to payments-api',
      ]);
    });

    it('forgets nothing of it when the back end stops', async () => {
      await stop?.();
      expect(signals).toHaveLength(1);
      expect(sent).toHaveLength(1);
      await clock.advance(10_000);
      expect(signals).toHaveLength(1);
      expect(sent).toHaveLength(1);
    });
  });

  it('does without the services', async () => {
    start({ notifications: undefined, signals: undefined });
    const { id } = await store.create(aNewRequest());
    await stop?.();
    expect((await store.get(id))?.notified).toEqual([]);
    expect(logger.warn).not.toHaveBeenCalled();
  });

  it('complains once of a service that fails, and breaks nothing', async () => {
    start({
      notifications: {
        send: async () => {
          throw new Error('no such plugin');
        },
      },
    });
    const request = await store.create(aNewRequest());
    await decide(request, 'approve');
    await stop?.();
    expect(logger.warn).toHaveBeenCalledTimes(1);
    expect(logger.warn).toHaveBeenCalledWith(
      expect.stringMatching(/notifications, which is optional.*no such plugin/),
    );
    expect(signals.length).toBeGreaterThan(0);
  });
});
