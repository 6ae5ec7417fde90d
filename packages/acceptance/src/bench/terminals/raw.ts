import type { ApiServer, Place } from '../ApiServer';
import { openExec } from '../ApiServer';
import { terminalOver, untilOpen } from './channels';
import type { Way } from './Terminal';

/** The floor: a WebSocket straight to the API server. */
export function raw(server: ApiServer, place: Place): Way {
  return {
    name: 'raw',
    open: async () => {
      const socket = openExec(server, place);
      const terminal = terminalOver(socket);
      await untilOpen(socket);
      return terminal;
    },
  };
}
