import type { TerminalState } from '../../terminal';

/** Which container to open. */
export interface ShellTarget {
  requestId: string;
  namespace: string;
  pod: string;
  container: string;
}

/** One terminal among those that are open or can still be read. */
export interface OpenTerminal {
  key: number;
  target: ShellTarget;
  /** Each round is a session of its own on the same screen. */
  round: number;
  state: TerminalState;
}

/** The terminals side by side, one of which is shown. */
export interface OpenTerminals {
  terminals: OpenTerminal[];
  activeKey?: number;
  /** Grows whenever the shown terminal is to get the keyboard. */
  focusRound: number;
}

/** What can happen to them. */
export type TerminalsEvent =
  /** Goes to the container's terminal if there is one, or opens one. */
  | { type: 'open'; target: ShellTarget }
  /** Opens one more, wherever there are others. */
  | { type: 'openAnother'; target: ShellTarget }
  /** Opens a new session on the screen of one that has ended. */
  | { type: 'openAgain'; key: number }
  | { type: 'show'; key: number; withKeyboard: boolean }
  | { type: 'changed'; key: number; state: TerminalState }
  | { type: 'close'; key: number };

export const NO_TERMINALS: OpenTerminals = { terminals: [], focusRound: 0 };

export function afterTerminalsEvent(
  now: OpenTerminals,
  event: TerminalsEvent,
): OpenTerminals {
  switch (event.type) {
    case 'open':
      return opened(now, event.target);
    case 'openAnother':
      return added(now, event.target);
    case 'openAgain':
      return openedAgain(now, event.key);
    case 'show':
      return shown(now, event.key, event.withKeyboard);
    case 'changed':
      return replaced(now, event.key, terminal => ({
        ...terminal,
        state: event.state,
      }));
    default:
      return closed(now, event.key);
  }
}

export function activeTerminal(now: OpenTerminals): OpenTerminal | undefined {
  return now.terminals.find(({ key }) => key === now.activeKey);
}

/** The terminals of a container that have not ended. */
export function liveTerminalsOf(
  { terminals }: OpenTerminals,
  target: ShellTarget,
): OpenTerminal[] {
  return terminals.filter(
    terminal =>
      terminal.state.kind !== 'ended' && isSame(terminal.target, target),
  );
}

function opened(now: OpenTerminals, target: ShellTarget): OpenTerminals {
  const [live] = liveTerminalsOf(now, target);
  if (live) {
    return shown(now, live.key, true);
  }
  const ended = now.terminals.find(terminal => isSame(terminal.target, target));
  return ended ? openedAgain(now, ended.key) : added(now, target);
}

function added(now: OpenTerminals, target: ShellTarget): OpenTerminals {
  const key = 1 + Math.max(0, ...now.terminals.map(terminal => terminal.key));
  return {
    terminals: [
      ...now.terminals,
      { key, target, round: 1, state: { kind: 'connecting' } },
    ],
    activeKey: key,
    focusRound: now.focusRound + 1,
  };
}

function openedAgain(now: OpenTerminals, key: number): OpenTerminals {
  const next = replaced(now, key, terminal =>
    terminal.state.kind === 'ended'
      ? {
          ...terminal,
          round: terminal.round + 1,
          state: { kind: 'connecting' },
        }
      : terminal,
  );
  return shown(next, key, true);
}

function shown(
  now: OpenTerminals,
  key: number,
  withKeyboard: boolean,
): OpenTerminals {
  return {
    ...now,
    activeKey: key,
    focusRound: now.focusRound + (withKeyboard ? 1 : 0),
  };
}

function closed(now: OpenTerminals, key: number): OpenTerminals {
  const index = now.terminals.findIndex(terminal => terminal.key === key);
  const terminals = now.terminals.filter(terminal => terminal.key !== key);
  if (now.activeKey !== key) {
    return { ...now, terminals };
  }
  // The one that moves into its place, or else the one before it.
  const next = terminals[index] ?? terminals[index - 1];
  return {
    terminals,
    focusRound: now.focusRound + 1,
    ...(next ? { activeKey: next.key } : {}),
  };
}

function replaced(
  now: OpenTerminals,
  key: number,
  change: (terminal: OpenTerminal) => OpenTerminal,
): OpenTerminals {
  return {
    ...now,
    terminals: now.terminals.map(terminal =>
      terminal.key === key ? change(terminal) : terminal,
    ),
  };
}

function isSame(a: ShellTarget, b: ShellTarget): boolean {
  return (
    a.requestId === b.requestId &&
    a.namespace === b.namespace &&
    a.pod === b.pod &&
    a.container === b.container
  );
}
