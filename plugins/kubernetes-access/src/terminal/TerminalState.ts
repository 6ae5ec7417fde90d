import type { CloseCodeName } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { CLOSE_CODES } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/**
 * Why a terminal is no longer open.
 *
 * - one of the gateway's reasons
 * - `refused`: the back end gave no ticket
 * - `unreachable`: the back end did not answer, as without a network
 * - `blocked`: the WebSocket never opened, as behind a proxy that does not let it through
 * - `lost`: it was open and broke off without a word
 */
export type EndKind =
  | CloseCodeName
  | 'refused'
  | 'unreachable'
  | 'blocked'
  | 'lost';

/** What a terminal is doing. */
export type TerminalState =
  | { kind: 'connecting' }
  | {
      kind: 'open';
      /** When the access ends, on the clock that `now` tells; it never steps. */
      endsAtMs: number;
      isRecorded: boolean;
    }
  | {
      kind: 'ended';
      why: EndKind;
      /** The back end's own words, if it had any. */
      message?: string;
      /** The exit code of the shell, if it ended by itself. */
      exitCode?: number;
    };

/** The reason that a close code stands for. */
export function endOfCloseCode(code: number): EndKind {
  const names = Object.keys(CLOSE_CODES) as CloseCodeName[];
  return names.find(name => CLOSE_CODES[name] === code) ?? 'lost';
}
