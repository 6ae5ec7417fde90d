import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { FakeKubernetesAccessApi } from '../src/testUtils/FakeKubernetesAccessApi';
import { paymentsTarget, runningPod } from '../src/testUtils/entityAccess';
import {
  activeRequest,
  deniedRequest,
  expiredRequest,
  waitingRequest,
} from '../src/testUtils/accessRequests';

const WORKER = 'component:default/payments-worker';

/** A request in every state, and a component in every trouble. */
export function sampleApi(user: string): KubernetesAccessApi {
  return new FakeKubernetesAccessApi({
    user,
    requests: [
      waitingRequest({ entityRef: WORKER }),
      waitingRequest({
        id: '01jd6waiting00000000000001',
        requester: 'user:default/sam',
        entityRef: WORKER,
        durationSeconds: 900,
        reason: 'The nightly booking has stopped in the middle.',
      }),
      activeRequest(),
      deniedRequest(),
      expiredRequest(),
      expiredRequest({
        id: '01jd6failing00000000000000',
        removal: {
          state: 'failing',
          message: 'The cluster demo does not answer; it is tried again.',
        },
      }),
    ],
    entities: {
      'component:default/checkout': {
        targets: [
          paymentsTarget(),
          paymentsTarget({
            cluster: { name: 'staging', title: 'Staging' },
            pods: [runningPod({ name: 'checkout-0' })],
          }),
          paymentsTarget({
            namespace: 'checkout',
            pods: [],
            problem: {
              code: 'no-consent',
              message:
                'The namespace checkout does not name group:default/payments as an owner yet. The platform team can allow it.',
            },
          }),
        ],
      },
      'component:default/payments-docs': {
        targets: [],
        problem: {
          code: 'no-annotations',
          message: 'payments-docs does not say which pods are its own.',
        },
      },
      'component:default/legacy-batch': {
        problem: {
          code: 'no-owner',
          message:
            'Nobody can approve this: legacy-batch has no owner. Ask the platform team.',
        },
        approvers: { owners: [], users: [] },
      },
    },
  });
}
