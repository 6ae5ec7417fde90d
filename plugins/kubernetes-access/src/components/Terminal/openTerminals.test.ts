import type { OpenTerminals, TerminalsEvent } from './openTerminals';
import {
  NO_TERMINALS,
  activeTerminal,
  afterTerminalsEvent,
  liveTerminalsOf,
} from './openTerminals';

const APP = {
  requestId: 'r',
  namespace: 'payments',
  pod: 'a',
  container: 'app',
};
const SIDECAR = { ...APP, container: 'sidecar' };
const ENDED = { kind: 'ended', why: 'lost' } as const;

function after(...events: TerminalsEvent[]): OpenTerminals {
  return events.reduce(afterTerminalsEvent, NO_TERMINALS);
}

describe('the open terminals', () => {
  it('keep the first one when a second is opened', () => {
    const now = after(
      { type: 'open', target: APP },
      { type: 'open', target: SIDECAR },
    );
    expect(now.terminals.map(({ target }) => target)).toEqual([APP, SIDECAR]);
    expect(activeTerminal(now)?.target).toBe(SIDECAR);
  });

  it('go to the terminal of a container that has one, also while it is being opened', () => {
    const now = after(
      { type: 'open', target: APP },
      { type: 'open', target: SIDECAR },
      { type: 'open', target: APP },
      { type: 'open', target: APP },
    );
    expect(now.terminals).toHaveLength(2);
    expect(activeTerminal(now)?.target).toBe(APP);
    expect(now.focusRound).toBe(4);
  });

  it('can be several in one container where that is asked for', () => {
    const now = after(
      { type: 'open', target: APP },
      { type: 'openAnother', target: APP },
    );
    expect(liveTerminalsOf(now, APP)).toHaveLength(2);
  });

  it('open anew on the screen that has ended, so that its text stays', () => {
    const now = after(
      { type: 'open', target: APP },
      { type: 'changed', key: 1, state: ENDED },
      { type: 'open', target: APP },
    );
    expect(now.terminals).toEqual([
      { key: 1, target: APP, round: 2, state: { kind: 'connecting' } },
    ]);
  });

  it('open none anew that has not ended', () => {
    const now = after(
      { type: 'open', target: APP },
      { type: 'openAgain', key: 1 },
    );
    expect(activeTerminal(now)?.round).toBe(1);
  });

  it('show the neighbour of one that is closed', () => {
    const three = [
      { type: 'open', target: APP },
      { type: 'open', target: SIDECAR },
      { type: 'openAnother', target: APP },
    ] as const;
    expect(after(...three, { type: 'close', key: 3 }).activeKey).toBe(2);
    expect(
      after(
        ...three,
        { type: 'show', key: 1, withKeyboard: true },
        { type: 'close', key: 1 },
      ).activeKey,
    ).toBe(2);
    expect(after(...three, { type: 'close', key: 1 }).activeKey).toBe(3);
    expect(
      after({ type: 'open', target: APP }, { type: 'close', key: 1 }).activeKey,
    ).toBeUndefined();
  });

  it('give the keyboard only to whoever wants it', () => {
    const now = after(
      { type: 'open', target: APP },
      { type: 'open', target: SIDECAR },
      { type: 'show', key: 1, withKeyboard: false },
    );
    expect(now).toMatchObject({ activeKey: 1, focusRound: 2 });
  });
});
