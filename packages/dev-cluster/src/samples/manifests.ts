import { ClusterInfo } from '../Cluster';
import {
  PART_OF,
  SampleContainer,
  SampleNamespace,
  SampleWorkload,
} from './workloads';

const OWNERS_ANNOTATION = 'kubernetes-access.io/owners';

export function namespaceManifest({ name, owners }: SampleNamespace): object {
  return {
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: {
      name,
      labels: PART_OF,
      annotations: owners ? { [OWNERS_ANNOTATION]: owners } : undefined,
    },
  };
}

export function deploymentManifest(
  workload: SampleWorkload,
  { images, imagePullPolicy }: Pick<ClusterInfo, 'images' | 'imagePullPolicy'>,
): object {
  const { component } = workload;
  const container = ({ name, script }: SampleContainer) => ({
    name,
    image: images[workload.image],
    imagePullPolicy,
    command: script === undefined ? undefined : ['/bin/sh', '-c', script],
    resources: {
      requests: { cpu: '5m', memory: '8Mi' },
      limits: { memory: '128Mi' },
    },
    securityContext: { allowPrivilegeEscalation: false },
  });
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: {
      name: component,
      namespace: workload.namespace,
      labels: { app: component, ...PART_OF },
    },
    spec: {
      replicas: workload.replicas ?? 1,
      selector: { matchLabels: { app: component } },
      template: {
        metadata: {
          labels: {
            app: component,
            'backstage.io/kubernetes-id': component,
            ...PART_OF,
          },
        },
        spec: {
          automountServiceAccountToken: false,
          terminationGracePeriodSeconds: 2,
          securityContext: workload.runAsNonRoot
            ? { runAsNonRoot: true, runAsUser: 1000 }
            : undefined,
          containers: workload.containers.map(container),
        },
      },
    },
  };
}
