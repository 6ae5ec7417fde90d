import type {
  ContainerSummary,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { traitsOf } from './traitsOf';
import type { Pod } from './types';

type ContainerStatus = NonNullable<
  NonNullable<Pod['status']>['containerStatuses']
>[number];

/** A pod in the few words that people choose by. */
export function summarizePod(pod: Pod): PodSummary {
  const { metadata, spec, status } = pod;
  const traits = traitsOf(pod);
  return {
    namespace: metadata.namespace ?? '',
    name: metadata.name,
    uid: metadata.uid ?? '',
    phase: metadata.deletionTimestamp
      ? 'Terminating'
      : status?.phase ?? 'Unknown',
    createdAt: metadata.creationTimestamp,
    containers: (spec?.containers ?? []).map(({ name }) =>
      summarizeContainer(
        name,
        status?.containerStatuses?.find(container => container.name === name),
      ),
    ),
    ...(traits.length > 0 ? { traits } : {}),
  };
}

function summarizeContainer(
  name: string,
  status: ContainerStatus | undefined,
): ContainerSummary {
  return {
    name,
    state: stateOf(status),
    ready: status?.ready ?? false,
    restarts: status?.restartCount ?? 0,
  };
}

function stateOf(status: ContainerStatus | undefined): string {
  const { running, waiting, terminated } = status?.state ?? {};
  if (running) {
    return 'running';
  }
  return waiting?.reason ?? terminated?.reason ?? 'waiting';
}
