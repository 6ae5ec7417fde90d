import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type { RecordingCheck } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { closedSession, expiredRequest } from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { refusal } from '../../testUtils/refusal';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { createPlayer } from './createPlayer';
import { RecordingDialog } from './RecordingDialog';

// The player itself draws with WebAssembly; it is played in the browser tests.
jest.mock('./createPlayer', () => ({
  PLAYER_THEME: 'test',
  createPlayer: jest.fn(),
}));

const session = closedSession();

const lines = (check: Partial<RecordingCheck> = {}, ...events: unknown[]) =>
  [
    {
      version: 2,
      width: 100,
      height: 30,
      'kubernetes-access': {
        session: session.id,
        state: 'whole',
        open: false,
        problems: [],
        ...check,
      },
    },
    ...events,
  ].map(line => JSON.stringify(line));

const HELLO = [0.5, 'o', 'hello\r\n'];

describe('the recording of a session', () => {
  const disposed = jest.fn();
  const created = createPlayer as jest.MockedFunction<typeof createPlayer>;

  beforeEach(() => {
    disposed.mockClear();
    created.mockReset().mockImplementation(() => ({
      currentTime: () => 12,
      focus: () => {},
      dispose: disposed,
    }));
  });

  async function play(recording: string[] | Error) {
    const request = expiredRequest({ sessions: [session] });
    const api = new FakeKubernetesAccessApi({ requests: [request] });
    if (recording instanceof Error) {
      api.failWith = recording;
    } else {
      api.recordings = { [session.id]: recording };
    }
    const onClose = jest.fn();
    await renderWithAccess(
      <RecordingDialog
        requestId={request.id}
        session={session}
        onClose={onClose}
      />,
      { api },
    );
    return { api, onClose };
  }

  it('plays by itself, with long pauses cut, and says whose it is', async () => {
    await play(lines({}, HELLO));

    expect(
      await screen.findByRole('dialog', {
        name: `Recording of ${session.pod} ▸ ${session.container}`,
      }),
    ).toBeVisible();
    expect(screen.getByRole('region', { name: 'Recording' })).toBeVisible();
    expect(created.mock.calls[0][1]).toMatchObject({
      columns: 100,
      events: [HELLO],
    });
    expect(created.mock.calls[0][2]).toMatchObject({
      autoPlay: true,
      speed: 1,
      idleSeconds: 2,
    });
    expect(screen.queryByRole('alert')).toBeNull();
  });

  it('goes on from the same place at another speed', async () => {
    await play(lines({}, HELLO));

    await userEvent.click(await screen.findByLabelText('Speed'));
    await userEvent.click(screen.getByRole('option', { name: '5×' }));

    expect(disposed).toHaveBeenCalledTimes(1);
    expect(created.mock.calls.at(-1)?.[2]).toMatchObject({
      speed: 5,
      startAt: 12,
    });
  });

  it('shows pauses as they were to whoever wants to see them', async () => {
    await play(lines({}, HELLO));

    await userEvent.click(await screen.findByLabelText('Cut long pauses'));

    expect(created.mock.calls.at(-1)?.[2]).not.toHaveProperty('idleSeconds');
  });

  it('says what is wrong with one that was tampered with, and shows the rest', async () => {
    await play(
      lines(
        {
          state: 'damaged',
          problems: [
            'Part 4 was changed after it had been recorded, and is left out.',
          ],
        },
        HELLO,
      ),
    );

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /not all that was recorded.*Part 4 was changed.*Tell an auditor/,
    );
    expect(created).toHaveBeenCalled();
  });

  it('says when nobody can tell whether it is what was recorded', async () => {
    await play(
      lines({ state: 'unverified', problems: ['Part 2 is not known.'] }, HELLO),
    );

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /cannot be told.*Part 2 is not known/,
    );
  });

  it('says what the recorder left out', async () => {
    await play(lines({}, HELLO, [3, 'm', 'The recording stops here.']));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /Something is missing.*The recording stops here/,
    );
  });

  it('loads the rest of a session that goes on', async () => {
    const { api } = await play(lines({ open: true }, HELLO));

    expect(await screen.findByText(/This session goes on/)).toBeVisible();
    api.recordings[session.id] = lines({}, HELLO, [2, 'o', 'bye\r\n']);
    await userEvent.click(
      screen.getByRole('button', { name: 'Load the rest' }),
    );

    await waitFor(() =>
      expect(created.mock.calls.at(-1)?.[1].events).toHaveLength(2),
    );
    expect(screen.queryByText(/This session goes on/)).toBeNull();
  });

  it.each([
    [false, 'Nothing was shown in this session.'],
    [true, 'Nothing has been shown in this session yet.'],
  ])('shows no player without output (open: %s)', async (open, text) => {
    await play(lines({ open }));

    expect(await screen.findByText(text)).toBeVisible();
    expect(created).not.toHaveBeenCalled();
  });

  it.each([
    [refusal(403, 'It is for auditors'), /may not play.*It is for auditors/],
    [refusal(404, 'Not recorded'), /no such recording.*Not recorded/],
  ])('says when it is refused', async (error, text) => {
    await play(error);

    expect(await screen.findByRole('alert')).toHaveTextContent(text);
    expect(screen.queryByRole('button', { name: 'Try again' })).toBeNull();
  });

  it('can be asked for again when it could not be loaded', async () => {
    const { api } = await play(refusal(503, 'The database does not answer'));

    expect(await screen.findByRole('alert')).toHaveTextContent(
      /cannot be shown now.*The database does not answer/,
    );
    api.failWith = undefined;
    api.recordings = { [session.id]: lines({}, HELLO) };
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

    await waitFor(() => expect(created).toHaveBeenCalled());
  });

  it('is asked for anew to be taken away, so that this is on record', async () => {
    const saved: Blob[] = [];
    window.URL.createObjectURL = jest.fn(file => {
      saved.push(file as Blob);
      return 'blob:cast';
    });
    window.URL.revokeObjectURL = jest.fn();
    const { api } = await play(lines({}, HELLO));

    await userEvent.click(
      await screen.findByRole('button', { name: /Download/ }),
    );

    await waitFor(() => expect(saved).toHaveLength(1));
    expect(api.calls).toEqual([
      `read recording ${session.id}`,
      `read recording ${session.id}`,
    ]);
    expect(window.URL.revokeObjectURL).toHaveBeenCalledWith('blob:cast');
  });

  it('closes', async () => {
    const { onClose } = await play(lines({}, HELLO));

    await userEvent.click(await screen.findByRole('button', { name: 'Close' }));

    expect(onClose).toHaveBeenCalled();
  });
});
