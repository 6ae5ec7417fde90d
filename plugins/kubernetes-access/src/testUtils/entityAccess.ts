import type {
  EntityAccess,
  EntityTarget,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** A pod of payments-api with one running container. */
export function runningPod(overrides: Partial<PodSummary> = {}): PodSummary {
  const name = overrides.name ?? 'payments-api-6d5f7c9b8-x2x7q';
  return {
    namespace: 'payments',
    name,
    uid: `uid-of-${name}`,
    phase: 'Running',
    createdAt: '2026-11-20T08:00:00.000Z',
    containers: [{ name: 'api', state: 'running', ready: true, restarts: 0 }],
    ...overrides,
  };
}

/** Where payments-api runs. */
export function paymentsTarget(
  overrides: Partial<EntityTarget> = {},
): EntityTarget {
  return {
    cluster: { name: 'demo', title: 'Demo' },
    namespace: 'payments',
    podSelector: 'backstage.io/kubernetes-id=payments-api',
    pods: [
      runningPod(),
      runningPod({
        name: 'payments-api-6d5f7c9b8-9kq4m',
        containers: [
          { name: 'api', state: 'running', ready: true, restarts: 0 },
          {
            name: 'metrics',
            state: 'CrashLoopBackOff',
            ready: false,
            restarts: 7,
          },
        ],
      }),
    ],
    ...overrides,
  };
}

/** What Ada, who is no owner, may ask for on payments-api. */
export function paymentsAccess(
  overrides: Partial<EntityAccess> = {},
): EntityAccess {
  return {
    entityRef: 'component:default/payments-api',
    targets: [paymentsTarget()],
    approvers: {
      owners: ['group:default/payments'],
      users: ['user:default/olga', 'user:default/omar'],
    },
    limits: {
      minDurationSeconds: 600,
      maxDurationSeconds: 28_800,
      defaultDurationSeconds: 3600,
      minReasonLength: 10,
      maxReasonLength: 1000,
      approvals: 1,
      pendingSeconds: 86_400,
    },
    requests: [],
    toDecide: 0,
    mayDecide: false,
    maySeeOthers: false,
    ...overrides,
  };
}
