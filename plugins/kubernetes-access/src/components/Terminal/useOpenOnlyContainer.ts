import type { PodSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useEffect, useRef } from 'react';
import type { ShellTarget } from './openTerminals';

/** Where there is nothing to choose, nobody has to choose: the only running container opens by itself. */
export function useOpenOnlyContainer(
  requestId: string | undefined,
  pods: PodSummary[] | undefined,
  isWanted: boolean,
  open: (target: ShellTarget) => void,
): void {
  const latest = useRef(open);
  latest.current = open;
  useEffect(() => {
    const running = (pods ?? []).flatMap(pod =>
      pod.containers
        .filter(({ state }) => state === 'running')
        .map(container => ({
          namespace: pod.namespace,
          pod: pod.name,
          container: container.name,
        })),
    );
    if (isWanted && requestId && running.length === 1) {
      latest.current({ requestId, ...running[0] });
    }
  }, [requestId, pods, isWanted]);
}
