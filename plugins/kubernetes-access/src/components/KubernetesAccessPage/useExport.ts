import { toError } from '@backstage/errors';
import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  ListAccessRequests,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useCallback, useEffect, useRef, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { toCsv, toJson } from './exportRows';
import { saveFile } from './saveFile';

const PAGE = 100;

export type ExportFormat = 'csv' | 'json';

type ExportState =
  | { status: 'idle' }
  | { status: 'running'; count: number }
  | { status: 'done'; count: number }
  | { status: 'failed'; error: Error };

/** Gets every page of what the filters leave, and saves it as one file. */
export function useExport(query: () => ListAccessRequests) {
  const api = useApi(kubernetesAccessApiRef);
  const [state, setState] = useState<ExportState>({ status: 'idle' });
  /** Counts up with each start and stop: an older run notices that it is not wanted any more. */
  const run = useRef(0);
  const stop = useCallback(() => {
    run.current += 1;
    setState({ status: 'idle' });
  }, []);
  useEffect(
    () => () => {
      run.current += 1;
    },
    [],
  );

  const start = useCallback(
    async (format: ExportFormat) => {
      const current = ++run.current;
      const asked = query();
      const requests: AccessRequest[] = [];
      let cursor: string | undefined;
      try {
        do {
          setState({ status: 'running', count: requests.length });
          const page = await api.listRequests({
            ...asked,
            limit: PAGE,
            cursor,
          });
          if (run.current !== current) {
            return;
          }
          requests.push(...page.items);
          cursor = page.nextCursor;
        } while (cursor);
        save(format, requests);
        setState({ status: 'done', count: requests.length });
      } catch (problem) {
        if (run.current === current) {
          setState({ status: 'failed', error: toError(problem) });
        }
      }
    },
    [api, query],
  );

  return { state, start, stop };
}

function save(format: ExportFormat, requests: AccessRequest[]): void {
  const name = `kubernetes-access.${format}`;
  if (format === 'csv') {
    saveFile(name, 'text/csv;charset=utf-8', toCsv(requests));
  } else {
    saveFile(name, 'application/json', toJson(requests));
  }
}
