import { ENDINGS, type SessionEnd } from './endingMessages';
import type { ExecOutcome } from './execStatus';

/** Of a command that was killed from outside, as all of a container are that goes. */
const KILLED = 137;

export interface ShellEnding {
  end: SessionEnd;
  /** What the browser is told of it. */
  outcome?: ExecOutcome;
  /** Something else may be behind it, such as the end of the container. */
  isDoubtful: boolean;
}

/** How a session ends whose shell has ended. */
export function shellEnding(outcome: ExecOutcome): ShellEnding {
  if (outcome.noShell) {
    return { end: ENDINGS.noShell, outcome, isDoubtful: false };
  }
  if (outcome.code === null) {
    // What the API server says of it names the node's address and the command: that is nothing for browsers.
    return { end: ENDINGS.notRun, isDoubtful: true };
  }
  return {
    end: ENDINGS.shellEnded,
    outcome,
    isDoubtful: outcome.code === KILLED,
  };
}
