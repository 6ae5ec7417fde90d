import type { IdentityApi } from '@backstage/core-plugin-api';
import type { KubernetesAccessApi } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Terminal } from '@xterm/xterm';
import type { TerminalState } from '../../terminal';
import { ExecSocket } from '../../terminal';
import type { ShellTarget } from './openTerminals';

interface ShellOptions {
  api: KubernetesAccessApi;
  identityApi: IdentityApi;
  terminal: Terminal;
  target: ShellTarget;
  /** What becomes of what is typed on its way to the shell. */
  onInput(text: string): string;
  onState(state: TerminalState): void;
}

/** Opens a shell on a screen. Returns how to let go of it, which closes it. */
export function connectShell(options: ShellOptions): () => void {
  const { api, identityApi, terminal, target } = options;
  const { requestId, ...container } = target;
  const socket = new ExecSocket({
    getTicket: () =>
      api.openSession(requestId, {
        ...container,
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
    onState: state => {
      // Nobody reads any more what is typed after the end.
      terminal.options.disableStdin = state.kind === 'ended';
      options.onState(state);
    },
    onOutput: (data, written) => terminal.write(data, written),
  });
  const encoder = new TextEncoder();
  const listeners = [
    terminal.onData(text => socket.send(encoder.encode(options.onInput(text)))),
    terminal.onBinary(text =>
      socket.send(Uint8Array.from(text, character => character.charCodeAt(0))),
    ),
    terminal.onResize(({ cols, rows }) => socket.resize(cols, rows)),
  ];
  // `connect` never rejects: what goes wrong becomes a state.
  socket.connect();
  return () => {
    listeners.forEach(listener => listener.dispose());
    socket.dispose();
  };
}
