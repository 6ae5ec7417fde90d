import { useApi } from '@backstage/core-plugin-api';
import { kubernetesAccessApiRef } from '../../api';
import type { Action } from '../../hooks';
import { useAction } from '../../hooks';

/** Saves a recording as a file, asked for anew: taking it away is on record by itself. */
export function useDownload(requestId: string, sessionId: string): Action<[]> {
  const api = useApi(kubernetesAccessApiRef);
  return useAction(async () => {
    const lines: string[] = [];
    for await (const line of api.readRecording(requestId, sessionId)) {
      lines.push(`${line}\n`);
    }
    save(
      new Blob(lines, { type: 'application/x-asciicast' }),
      `${sessionId}.cast`,
    );
  });
}

function save(file: Blob, name: string): void {
  const url = URL.createObjectURL(file);
  const link = document.createElement('a');
  link.href = url;
  link.download = name;
  link.click();
  URL.revokeObjectURL(url);
}
