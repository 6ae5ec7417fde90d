import { useApiHolder } from '@backstage/core-plugin-api';
import { signalApiRef } from '@backstage/plugin-signals-react';
import type { AccessSignal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SIGNAL_CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useEffect } from 'react';

/**
 * Calls `onSignal` whenever the back end says that a request has changed. The signals plugin is optional.
 * @returns whether the app has it
 */
export function useAccessSignals(
  onSignal: (signal: AccessSignal) => void,
): boolean {
  const signals = useApiHolder().get(signalApiRef);
  useEffect(() => {
    const subscription = signals?.subscribe<AccessSignal>(
      SIGNAL_CHANNEL,
      onSignal,
    );
    return () => subscription?.unsubscribe();
  }, [signals, onSignal]);
  return signals !== undefined;
}
