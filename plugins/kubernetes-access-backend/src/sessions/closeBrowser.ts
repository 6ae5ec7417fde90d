import {
  CLOSE_CODES,
  type ServerMessage,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { WebSocket } from 'ws';
import type { Clock } from '../controller/Clock';
import type { SessionEnd } from './endingMessages';

/** How long a browser may take to answer our close frame. Output that it has not read yet comes before that frame. */
export const CLOSE_GRACE_MS = 3_000;

/** Sends a control message; does nothing when the socket is no longer open. */
export function sendMessage(browser: WebSocket, message: ServerMessage): void {
  if (browser.readyState === browser.OPEN) {
    browser.send(JSON.stringify(message));
  }
}

/**
 * Says why, then closes. A browser that does not answer is cut off a little later.
 * The close frame's own text is only the name: it may have 123 bytes at most.
 */
export function closeBrowser(
  browser: WebSocket,
  end: SessionEnd,
  clock: Clock,
): void {
  if (browser.readyState === browser.CLOSED) {
    return;
  }
  if (browser.readyState === browser.OPEN) {
    sendMessage(browser, { type: 'ending', ...end });
    browser.close(CLOSE_CODES[end.reason], end.reason);
  }
  // A socket that is not read never sees the other side's close frame.
  browser.resume();
  const cancel = clock.schedule(CLOSE_GRACE_MS, () => browser.terminate());
  browser.once('close', cancel);
}
