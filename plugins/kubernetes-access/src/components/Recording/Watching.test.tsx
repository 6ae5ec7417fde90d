import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { activeRequest, closedSession } from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { refusal } from '../../testUtils/refusal';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { createPlayer } from './createPlayer';
import { createWatchScreen } from './createWatchScreen';
import { RecordingDialog } from './RecordingDialog';

// Both draw with what only browsers have; they are looked at in the browser tests.
jest.mock('./createPlayer', () => ({
  PLAYER_THEME: 'test',
  createPlayer: jest.fn(),
}));
jest.mock('./createWatchScreen', () => ({ createWatchScreen: jest.fn() }));

const session = closedSession({
  state: 'open',
  closedAt: undefined,
  playable: true,
});
const HEADER = JSON.stringify({ version: 2, width: 100, height: 30 });
const output = (at: number, text: string) => JSON.stringify([at, 'o', text]);

/** Lines that come when a test says so. */
class Later implements AsyncIterable<string> {
  #lines: string[] = [];
  #end: 'no' | 'ended' | 'broken' = 'no';
  #wake = () => {};

  say(line: string) {
    this.#lines.push(line);
    this.#wake();
  }

  end(how: 'ended' | 'broken') {
    this.#end = how;
    this.#wake();
  }

  async *[Symbol.asyncIterator]() {
    for (;;) {
      yield* this.#lines.splice(0);
      if (this.#end === 'broken') {
        throw new Error('network');
      }
      if (this.#end === 'ended') {
        return;
      }
      await new Promise<void>(resolve => {
        this.#wake = resolve;
      });
    }
  }
}

describe('looking at a session while it is open', () => {
  const onScreen = {
    begin: jest.fn(),
    resize: jest.fn(),
    write: jest.fn(),
    dispose: jest.fn(),
  };
  let request: AccessRequestDetail;
  let api: FakeKubernetesAccessApi;
  let later: Later;

  beforeEach(() => {
    Object.values(onScreen).forEach(call => call.mockClear());
    (createWatchScreen as jest.Mock).mockReturnValue(onScreen);
    (createPlayer as jest.Mock).mockReturnValue({
      currentTime: () => 0,
      focus: () => {},
      dispose: () => {},
    });
    request = activeRequest({ sessions: [session] });
    api = new FakeKubernetesAccessApi({ requests: [request] });
    later = new Later();
    api.recordings = { [session.id]: [HEADER, output(1, 'before')] };
    api.shownLater = { [session.id]: later };
  });

  const watch = () =>
    renderWithAccess(
      <RecordingDialog
        requestId={request.id}
        session={session}
        onClose={() => {}}
      />,
      { api },
    );
  const closes = () => {
    api.requests = [
      { ...request, sessions: [{ ...session, state: 'closed' }] },
    ];
  };

  it('shows what was there and what comes, in the size of the other screen', async () => {
    await watch();

    expect(await screen.findByText(/^You see what is on/)).toBeVisible();
    expect(
      screen.getByRole('dialog', {
        name: `Watching ${session.pod} ▸ ${session.container}`,
      }),
    ).toBeVisible();
    expect(onScreen.begin).toHaveBeenCalledWith(100, 30);
    later.say('');
    later.say(JSON.stringify([2, 'r', '120x50']));
    later.say(output(3, 'later'));
    await waitFor(() =>
      expect(onScreen.write.mock.calls).toEqual([['before'], ['later']]),
    );
    expect(onScreen.resize).toHaveBeenCalledWith(120, 50);
    expect(api.calls).toEqual([`watch recording ${session.id}`]);
  });

  it('says when the session has ended, and leaves what is there', async () => {
    await watch();
    await screen.findByText(/^You see what is on/);
    closes();
    later.end('ended');

    expect(await screen.findByText(/^This session has ended/)).toBeVisible();
    expect(onScreen.dispose).not.toHaveBeenCalled();
  });

  it.each(['broken', 'ended'] as const)(
    'connects again when the connection is %s, and shows everything anew',
    async how => {
      await watch();
      await screen.findByText(/^You see what is on/);
      api.shownLater = { [session.id]: new Later() };
      later.end(how);

      expect(await screen.findByText(/^The connection was lost/)).toBeVisible();
      await waitFor(
        () => expect(screen.getByText(/^You see what is on/)).toBeVisible(),
        { timeout: 10_000 },
      );
      expect(onScreen.begin).toHaveBeenCalledTimes(2);
    },
  );

  it('says when it is refused, and does not try for ever', async () => {
    api.failWith = refusal(403, 'It is for auditors');
    await watch();

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /may not play.*It is for auditors/,
    );
  });

  it('plays it from its beginning instead', async () => {
    await watch();
    await userEvent.click(
      await screen.findByRole('button', { name: 'Play from the beginning' }),
    );

    expect(
      await screen.findByRole('region', { name: 'Recording' }),
    ).toBeVisible();
    expect(onScreen.dispose).toHaveBeenCalled();
    expect(api.calls).toEqual([
      `watch recording ${session.id}`,
      `read recording ${session.id}`,
    ]);
  });
});
