import type { WebSocket } from 'ws';

const ignore = () => {};

/**
 * A socket without an `error` listener ends the process when it fails. Whatever a failure means for a session is
 * told by the `close` event that follows.
 */
export function tolerateErrors(socket: WebSocket): void {
  if (!socket.listeners('error').includes(ignore)) {
    socket.on('error', ignore);
  }
}
