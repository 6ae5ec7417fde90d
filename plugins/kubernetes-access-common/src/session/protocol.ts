import type { EndReason } from '../request/record';

/**
 * The WebSocket subprotocol that the gateway speaks and echoes.
 * @public
 */
export const SESSION_PROTOCOL = 'v1.session.kubernetes-access.io';

/**
 * A ticket travels as a second subprotocol with this prefix; it is never echoed and never part of a URL.
 * @public
 */
export const TICKET_PROTOCOL_PREFIX = 'ticket.';

/**
 * The first byte of a binary frame: Kubernetes' own remote command channels, so that the gateway forwards
 * frames as they are. Source: `k8s.io/apimachinery/pkg/util/remotecommand/constants.go`.
 * @public
 */
export const CHANNEL = {
  stdin: 0,
  stdout: 1,
  stderr: 2,
  error: 3,
  resize: 4,
  close: 255,
} as const;

/**
 * Codes with which the gateway closes a session's WebSocket.
 * 4000–4999 is the range for applications (RFC 6455, section 7.4.2).
 * @public
 */
export const CLOSE_CODES = {
  /** The shell ended by itself, or the browser closed the terminal. */
  normal: 1000,
  /** The back end is shutting down or this replica cannot tell whether the grant stands. */
  goingAway: 1001,
  badFrame: 4400,
  /** The ticket is unknown, used, too old, or somebody else's. */
  badTicket: 4401,
  /** The request was revoked by an approver or an admin, or put right after tampering. */
  revoked: 4403,
  /** The pod or container is gone, or no longer the one that was asked for. */
  podGone: 4404,
  /**
   * The person may not go on: signed out or signed in as somebody else, no longer in the catalog, or a permission or
   * the owners' consent was taken back.
   */
  notAllowed: 4407,
  /** The time is up. */
  expired: 4408,
  /** The requester ended the access. */
  cancelled: 4409,
  /** The container has no shell. */
  noShell: 4410,
  /** Nothing was typed or printed for too long. */
  idle: 4411,
  /** The limit of open sessions is reached. */
  tooMany: 4429,
  /** The cluster refused or dropped the stream. */
  upstream: 4502,
} as const;

/**
 * The name of a close code.
 * @public
 */
export type CloseCodeName = keyof typeof CLOSE_CODES;

/**
 * The close code for the end of a request.
 * @public
 */
export function closeCodeForEnd(reason: EndReason): number {
  switch (reason) {
    case 'expired':
      return CLOSE_CODES.expired;
    case 'cancelled':
      return CLOSE_CODES.cancelled;
    default:
      return CLOSE_CODES.revoked;
  }
}

/**
 * A JSON text frame from the gateway to the browser.
 * @public
 */
export type ServerMessage =
  /** The shell is about to start. Sent once, before any output. */
  | {
      type: 'ready';
      sessionId: string;
      /** Use is possible before this instant only, UTC ISO-8601. */
      expiresAt: string;
      /** How long that is from now, in milliseconds, so that the browser's clock does not matter. */
      remainingMs: number;
      recorded: boolean;
    }
  /** The shell ended by itself. */
  | { type: 'exit'; code: number | null; message?: string }
  /** The session is being closed; the close frame follows. */
  | { type: 'ending'; reason: CloseCodeName; message: string };

/**
 * A JSON text frame from the browser to the gateway.
 * @public
 */
export type ClientMessage =
  /** The browser has written so many bytes of output to the screen. */
  | { type: 'ack'; bytes: number }
  /**
   * Who is in front of the terminal: a Backstage token of the user, as new as the browser has it. To be sent after
   * `ready` and then every {@link IDENTITY_INTERVAL_MS}. The gateway keeps it in memory only and checks with it
   * whether the user may go on. A token of somebody else ends the session; one that does not authenticate anybody is
   * passed over. Where none was good for {@link IDENTITY_LIMIT_MS}, the session ends. At most
   * {@link MAX_IDENTITY_BYTES} long, as a whole frame.
   */
  | { type: 'identity'; token: string };

/**
 * How often the browser says who is in front of the terminal, in milliseconds.
 * @public
 */
export const IDENTITY_INTERVAL_MS = 60_000;

/**
 * How long a session goes on without its user having been confirmed, in milliseconds.
 * @public
 */
export const IDENTITY_LIMIT_MS = 300_000;

/**
 * The largest identity frame that the gateway accepts, in bytes: more than headers of HTTP may have.
 * @public
 */
export const MAX_IDENTITY_BYTES = 32 * 1024;

/**
 * Flow control of output, in bytes: the gateway stops reading from the cluster above `high` bytes that the
 * browser has not acknowledged, and reads again below `low`. The browser acknowledges every `ack` bytes;
 * `ack` must not exceed `low`, or a paused stream might never resume.
 * @public
 */
export const FLOW_CONTROL = {
  high: 1024 * 1024,
  low: 256 * 1024,
  ack: 64 * 1024,
} as const;

/**
 * The largest frame that the gateway accepts from a browser, in bytes. Browsers split larger pastes.
 * @public
 */
export const MAX_CLIENT_FRAME_BYTES = 1024 * 1024;
