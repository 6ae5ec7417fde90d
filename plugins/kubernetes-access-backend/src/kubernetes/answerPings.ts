import type { WebSocket } from 'ws';

/** With so much waiting to be read by the other side, it gets no answers on top of that. */
const MAX_WAITING_BYTES = 64 * 1024;

/**
 * Answers pings as `ws` does by itself, but not those of somebody who does not read: the answers to a flood of them
 * would fill our memory. For sockets that were made with `autoPong: false`.
 */
export function answerPings(socket: WebSocket): void {
  socket.on('ping', data => {
    if (
      socket.readyState === socket.OPEN &&
      socket.bufferedAmount < MAX_WAITING_BYTES
    ) {
      socket.pong(data);
    }
  });
}
