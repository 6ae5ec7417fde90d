import { identityApiRef, useApi } from '@backstage/core-plugin-api';
import { useTheme } from '@material-ui/core/styles';
import { useCallback, useEffect, useRef, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import type { TerminalState } from '../../terminal';
import { ExecSocket } from '../../terminal';
import type { Screen } from './createScreen';
import { createScreen } from './createScreen';
import { xtermTheme } from './xtermTheme';

/** Which container to open. */
export interface ShellTarget {
  requestId: string;
  namespace: string;
  pod: string;
  container: string;
}

/**
 * Shows a shell in an element and keeps it as large as the element. The connection belongs to the target: it is made
 * once, and closed when the component goes.
 */
export function useTerminal(target: ShellTarget, fontSize: number) {
  const api = useApi(kubernetesAccessApiRef);
  const identityApi = useApi(identityApiRef);
  const theme = useTheme();
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [state, setState] = useState<TerminalState>({ kind: 'connecting' });
  const screenRef = useRef<Screen>();
  const appearance = useRef({ theme: xtermTheme(theme), fontSize });
  const { requestId, namespace, pod, container } = target;

  useEffect(() => {
    if (!element) {
      return undefined;
    }
    const screen = createScreen(element, appearance.current);
    const { terminal } = screen;
    const socket = new ExecSocket({
      getTicket: () =>
        api.openSession(requestId, {
          namespace,
          pod,
          container,
          columns: terminal.cols,
          rows: terminal.rows,
        }),
      getUrl: ticket => api.getSessionUrl(ticket),
      getToken: async () => (await identityApi.getCredentials()).token,
      every: (intervalMs, task) => {
        const timer = setInterval(task, intervalMs);
        return () => clearInterval(timer);
      },
      createWebSocket: (url, protocols) => new WebSocket(url, protocols),
      now: () => performance.now(),
      onState: next => {
        setState(next);
        terminal.options.disableStdin = next.kind !== 'open';
        if (next.kind === 'open') {
          terminal.focus();
        }
      },
      onOutput: (data, written) => terminal.write(data, written),
    });
    const encoder = new TextEncoder();
    terminal.onData(text => socket.send(encoder.encode(text)));
    terminal.onBinary(text =>
      socket.send(Uint8Array.from(text, character => character.charCodeAt(0))),
    );
    terminal.onResize(({ cols, rows }) => socket.resize(cols, rows));
    const observer = new ResizeObserver(() => screen.fit());
    observer.observe(element);
    screenRef.current = screen;
    // `connect` never rejects: what goes wrong becomes a state.
    socket.connect();
    return () => {
      observer.disconnect();
      socket.dispose();
      screen.dispose();
      screenRef.current = undefined;
    };
  }, [api, identityApi, element, requestId, namespace, pod, container]);

  useEffect(() => {
    appearance.current = { theme: xtermTheme(theme), fontSize };
    const screen = screenRef.current;
    if (screen) {
      Object.assign(screen.terminal.options, appearance.current);
      screen.fit();
    }
  }, [theme, fontSize]);

  const find = useCallback(
    (text: string, direction: 'next' | 'previous') =>
      screenRef.current?.find(text, direction) ?? false,
    [],
  );
  return { ref: setElement, state, find };
}
