import type {
  AccessRequestPhase,
  AccessRequestTarget,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Pod } from '../kubernetes/types';
import { termsOf } from '../testUtils/requests';
import { containerOf, mayOpenSession } from './mayOpenSession';

const place = { namespace: 'payments', pod: 'api-1', container: 'app' };

function aRequest(target: Partial<AccessRequestTarget> = {}): StoredRequest {
  const terms = termsOf({
    targets: [{ namespace: 'payments', podSelector: 'app=api', ...target }],
  });
  return { requester: terms.requester, terms } as StoredRequest;
}

function aPod(
  overrides: { uid?: string; containerID?: string; running?: boolean } = {},
): Pod {
  const { uid = 'uid-1', containerID = 'containerd://1', running } = overrides;
  return {
    metadata: { name: 'api-1', namespace: 'payments', uid },
    status: {
      containerStatuses: [
        {
          name: 'app',
          ready: true,
          restartCount: 0,
          containerID,
          state:
            running === false
              ? { waiting: { reason: 'CrashLoopBackOff' } }
              : { running: {} },
        },
      ],
    },
  };
}

describe('mayOpenSession', () => {
  describe('use', () => {
    const ask = (phase: AccessRequestPhase, user = 'user:default/ada') =>
      mayOpenSession.use({
        user,
        request: aRequest(),
        state: { phase, approvedBy: [] },
      });

    it('lets the requester of an active request in', () => {
      expect(ask('Active')).toBeUndefined();
    });

    it('refuses everybody else, the approver too', () => {
      expect(ask('Active', 'user:default/olga')).toMatchObject({
        reason: 'not-requester',
      });
    });

    it.each<[AccessRequestPhase, string]>([
      ['Pending', 'upstream'],
      ['Approved', 'upstream'],
      ['Denied', 'revoked'],
      ['Expired', 'expired'],
      ['Revoked', 'revoked'],
      ['Cancelled', 'cancelled'],
      ['Failed', 'revoked'],
    ])('refuses a request that is %s', (phase, close) => {
      expect(ask(phase)).toEqual({
        reason: 'not-active',
        close,
        message: expect.stringMatching(/\.$/),
      });
    });
  });

  describe('place', () => {
    it('lets into every container of the namespace that was approved', () => {
      expect(
        mayOpenSession.place({ request: aRequest(), place }),
      ).toBeUndefined();
    });

    it('refuses another namespace', () => {
      expect(
        mayOpenSession.place({
          request: aRequest(),
          place: { ...place, namespace: 'storefront' },
        }),
      ).toMatchObject({ reason: 'foreign-namespace' });
    });

    it('refuses a container that was not approved', () => {
      expect(
        mayOpenSession.place({
          request: aRequest({ containers: ['sidecar'] }),
          place,
        }),
      ).toMatchObject({ reason: 'foreign-container' });
    });
  });

  describe('container', () => {
    const entered = { podUid: 'uid-1', containerId: 'containerd://1' };
    const ask = (pod: Pod | undefined, again = false) =>
      mayOpenSession.container({
        request: aRequest(),
        place,
        pod,
        ...(again ? { entered } : {}),
      });

    it('lets into a running container, at first and again', () => {
      expect(ask(aPod())).toBeUndefined();
      expect(ask(aPod(), true)).toBeUndefined();
      expect(containerOf(aPod(), 'app')).toEqual(entered);
    });

    it.each([
      ['a pod that is gone or not matched', undefined, 'pod-not-matched'],
      [
        'a container that the pod does not have',
        { ...aPod(), status: {} },
        'no-container',
      ],
      [
        'a container that does not run',
        aPod({ running: false }),
        'container-not-running',
      ],
      [
        'a container without an id',
        aPod({ containerID: '' }),
        'container-not-running',
      ],
    ])('refuses %s', (_, pod, reason) => {
      expect(ask(pod)).toMatchObject({ reason, close: 'podGone' });
    });

    it('says why a container does not run', () => {
      expect(ask(aPod({ running: false }))?.message).toContain(
        'CrashLoopBackOff',
      );
    });

    it.each([
      ['pod', aPod({ uid: 'uid-2' }), 'pod-replaced'],
      [
        'container',
        aPod({ containerID: 'containerd://2' }),
        'container-restarted',
      ],
    ])('refuses another %s of the same name', (_, pod, reason) => {
      expect(ask(pod, true)).toMatchObject({ reason, close: 'podGone' });
    });
  });

  describe('limits', () => {
    const limits = { maxPerUser: 10, maxPerRequest: 3 };

    it.each([
      ['room for one more', 9, 2, undefined],
      ['none for the user', 10, 2, 'too-many-of-user'],
      ['none under the request', 9, 3, 'too-many-of-request'],
    ])('sees %s', (_, ofUser, ofRequest, reason) => {
      const refusal = mayOpenSession.limits({ ofUser, ofRequest, limits });
      expect(refusal?.reason).toBe(reason);
    });
  });
});
