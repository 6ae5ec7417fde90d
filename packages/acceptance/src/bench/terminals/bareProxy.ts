import { fork } from 'node:child_process';
import WebSocket from 'ws';
import type { Place } from '../ApiServer';
import { answerOf } from '../children';
import { terminalOver, untilOpen } from './channels';
import type { Way } from './Terminal';

/** Through a proxy that does nothing but forward. It ends with this process. */
export async function startBareProxy(place: Place): Promise<Way> {
  const proxy = fork(require.resolve('../bareProxyServer'), [
    JSON.stringify(place),
  ]);
  const port = await answerOf(
    proxy,
    (message): message is number => typeof message === 'number',
  );
  return {
    name: 'bare proxy',
    open: async () => {
      const socket = new WebSocket(`ws://127.0.0.1:${port}`, {
        perMessageDeflate: false,
      });
      const terminal = terminalOver(socket);
      await untilOpen(socket);
      return terminal;
    },
  };
}
