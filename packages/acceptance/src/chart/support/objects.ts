import type { ClusterInfo } from '@kubernetes-access/dev-cluster';
import type { Rule } from './helm';

const RBAC = 'rbac.authorization.k8s.io';

export function aRole(name: string, namespace: string, rules: Rule[]): object {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'Role',
    metadata: { name, namespace },
    rules,
  };
}

/** The rules of a grant of level exec on these pods. */
export function execOn(...pods: string[]): Rule[] {
  return [
    {
      apiGroups: [''],
      resources: ['pods/exec'],
      resourceNames: pods,
      verbs: ['get', 'create'],
    },
    {
      apiGroups: [''],
      resources: ['pods', 'pods/log'],
      resourceNames: pods,
      verbs: ['get'],
    },
  ];
}

export function aRoleBinding(
  name: string,
  namespace: string,
  role: { kind: 'Role' | 'ClusterRole'; name: string },
  subjectNamespace: string,
): object {
  return {
    apiVersion: `${RBAC}/v1`,
    kind: 'RoleBinding',
    metadata: { name, namespace },
    roleRef: { apiGroup: RBAC, ...role },
    subjects: [{ kind: 'ServiceAccount', name, namespace: subjectNamespace }],
  };
}

export function aServiceAccount(
  name: string,
  namespace: string,
  labels: Record<string, string> = {},
): object {
  return {
    apiVersion: 'v1',
    kind: 'ServiceAccount',
    metadata: { name, namespace, labels },
    automountServiceAccountToken: false,
  };
}

export function aSecret(name: string, namespace: string): object {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData: { secret: 'secret' },
  };
}

/** A pod that stays, of the image with a shell that the cluster has. */
export function aPod(
  name: string,
  namespace: string,
  info: ClusterInfo,
): object {
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, namespace },
    spec: {
      terminationGracePeriodSeconds: 0,
      automountServiceAccountToken: false,
      securityContext: {
        runAsNonRoot: true,
        runAsUser: 1000,
        seccompProfile: { type: 'RuntimeDefault' },
      },
      containers: [
        {
          name: 'app',
          image: info.images.shell,
          imagePullPolicy: info.imagePullPolicy,
          command: ['sh', '-c', 'sleep 100000'],
          securityContext: {
            allowPrivilegeEscalation: false,
            capabilities: { drop: ['ALL'] },
          },
        },
      ],
    },
  };
}

export function aLease(
  name: string,
  namespace: string,
  holderIdentity: string,
): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace },
    spec: { holderIdentity, leaseDurationSeconds: 15 },
  };
}
