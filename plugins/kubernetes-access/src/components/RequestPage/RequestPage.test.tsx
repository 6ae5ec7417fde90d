import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import type {
  AccessRequestDetail,
  SessionProcesses,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  activeRequest,
  closedSession,
  expiredRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { KubernetesAccessPage } from '../KubernetesAccessPage';

const OLGA = 'user:default/olga';

async function renderRequest(
  request: AccessRequestDetail,
  options: { user?: string; subPath?: string } = {},
) {
  const api = new FakeKubernetesAccessApi({
    user: options.user,
    requests: [request],
  });
  await renderWithAccess(<KubernetesAccessPage />, {
    api,
    mountedAt: '/kubernetes-access',
    address: `/kubernetes-access/requests/${request.id}${
      options.subPath ?? ''
    }`,
  });
  return api;
}

describe('the page of one request', () => {
  it('tells what was asked for', async () => {
    await renderRequest(waitingRequest());

    expect(
      await screen.findByText(
        'Orders of the last hour are stuck: I want to see the queue.',
      ),
    ).toBeVisible();
    expect(screen.getByText('Demo ▸ payments')).toBeVisible();
    expect(screen.getByText('1 hour')).toBeVisible();
    expect(screen.getByRole('status')).toHaveTextContent('Waiting');
  });

  it('tells what happened, in order', async () => {
    await renderRequest(expiredRequest());

    const rows = within(await screen.findByRole('list')).getAllByRole(
      'listitem',
    );
    expect(rows.map(row => row.textContent)).toEqual([
      expect.stringMatching(/^ada asked/),
      expect.stringMatching(/^Told payments/),
      expect.stringMatching(/^omar approved.*tell me what you find/),
      expect.stringMatching(/^Access began/),
      expect.stringMatching(/^The cluster lets ada in/),
      expect.stringMatching(
        /^ada had a shell in payments-api-6d5f7c9b8-x2x7q ▸ api.*28 minutes · 412 bytes typed, 18.7 kB received · recorded/,
      ),
      expect.stringMatching(/^The time was up/),
      expect.stringMatching(/^Everything in the cluster is gone, verified/),
    ]);
  });

  it('tells why a session closed before the request ended', async () => {
    const session = closedSession({
      closedAt: '2026-11-21T09:10:00.000Z',
      closeReason: 'The shell has ended.',
    });
    await renderRequest(
      activeRequest({
        sessions: [session],
        timeline: [
          {
            kind: 'session-opened',
            at: session.createdAt,
            actor: session.user,
            session,
          },
        ],
      }),
    );

    expect(await screen.findByText(/The shell has ended\./)).toBeVisible();
  });

  it.each([
    [{ state: 'waiting' }, 'What was started in it is being ended.'],
    [
      { state: 'none-left', ended: 3, left: 0 },
      'Its container reports nothing that is still running.',
    ],
    [
      { state: 'none-left', reason: 'container-ended' },
      'Its container has ended, and what was started in it too.',
    ],
    [{ state: 'left', left: 1 }, /^1 process .* could not be ended/],
    [{ state: 'left', left: 4 }, /^4 processes .* could not be ended/],
    [
      { state: 'unknown', reason: 'odd-answer' },
      /could not be checked: what the container answered makes no sense/,
    ],
    [
      { state: 'unknown', reason: 'no-answer' },
      /could not be checked: the container did not answer/,
    ],
    [{ state: 'unknown', reason: 'no-shell' }, /has no shell any more/],
    [{ state: 'unknown', reason: 'limits-raisable' }, /can hide/],
    [{ state: 'unknown', reason: 'not-told-apart' }, /cannot be told from/],
    [{ state: 'unknown', reason: 'unreachable' }, /did not let Backstage look/],
  ] as Array<[SessionProcesses, string | RegExp]>)(
    'says no more about what a session left behind than is known: %j',
    async (processes, text) => {
      const session = closedSession({
        closedAt: '2026-11-21T09:10:00.000Z',
        processes,
      });
      await renderRequest(expiredRequest({ sessions: [session] }));

      const [row] = (await screen.findAllByRole('listitem')).filter(item =>
        item.textContent?.includes('had a shell'),
      );
      const [, shown] = row.textContent?.split('recorded') ?? [];
      expect(shown).toMatch(text);
    },
  );

  it('tells how much went through a session that is still open', async () => {
    const session = closedSession({ state: 'open', closedAt: undefined });
    await renderRequest(
      activeRequest({
        sessions: [session],
        timeline: [
          {
            kind: 'session-opened',
            at: session.createdAt,
            actor: session.user,
            session,
          },
        ],
      }),
    );

    expect(await screen.findByText(/has a shell in/)).toBeVisible();
    expect(screen.getByText(/412 bytes typed, 18.7 kB received/)).toBeVisible();
  });

  it('plays what was recorded, at an address that can be shared', async () => {
    const session = closedSession({ playable: true });
    const api = await renderRequest(expiredRequest({ sessions: [session] }));
    api.recordings = {
      [session.id]: ['{"version":2,"width":80,"height":24}'],
    };

    await userEvent.click(
      await screen.findByRole('button', { name: /^Play what was recorded in/ }),
    );

    expect(
      await screen.findByRole('dialog', { name: /^Recording of/ }),
    ).toBeVisible();
    await userEvent.click(screen.getByRole('button', { name: 'Close' }));
    await waitFor(() => expect(screen.queryByRole('dialog')).toBeNull());
  });

  it('opens the recording that a link names', async () => {
    const session = closedSession({ playable: true });
    await renderRequest(expiredRequest({ sessions: [session] }), {
      subPath: `?play=${session.id}`,
    });

    expect(
      await screen.findByRole('dialog', { name: /^Recording of/ }),
    ).toBeVisible();
  });

  it.each([
    ['may not be played', { playable: false }],
    ['was not made', { playable: false, recorded: false }],
  ])('offers no recording that %s', async (_, how) => {
    await renderRequest(expiredRequest({ sessions: [closedSession(how)] }));

    expect(await screen.findByText(/had a shell/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /^Play/ })).toBeNull();
  });

  it('admits that something could not be removed', async () => {
    await renderRequest(
      expiredRequest({
        removal: { state: 'failing', message: 'The cluster does not answer.' },
      }),
    );

    expect(
      await screen.findByText(
        'Not removed yet. It can no longer be used. The cluster does not answer.',
      ),
    ).toBeVisible();
  });

  it('says no more than that to those who may not see it', async () => {
    const api = new FakeKubernetesAccessApi();
    await renderWithAccess(<KubernetesAccessPage />, {
      api,
      mountedAt: '/kubernetes-access',
      address: '/kubernetes-access/requests/unknown',
    });

    expect(await screen.findByText('There is no such request')).toBeVisible();
  });

  it('lets an approver decide', async () => {
    const request = waitingRequest();
    const api = await renderRequest(request, { user: OLGA });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Approve' }),
    );

    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent('Active'),
    );
    expect(api.calls).toEqual([`approve ${request.id}`]);
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  it('tells an approver what is special about the pods and what was asked here before', async () => {
    await renderRequest(waitingRequest(), { user: OLGA });

    await screen.findByRole('button', { name: 'Approve' });
    expect(await screen.findByText(/^Nothing: no root/)).toBeVisible();
    expect(screen.getByText('Never asked here before')).toBeVisible();
  });

  it('says what stops before an approver revokes', async () => {
    const request = activeRequest();
    const api = await renderRequest(request, { user: OLGA });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke…' }),
    );
    const dialog = screen.getByRole('dialog');
    expect(dialog).toHaveTextContent(
      /Every open terminal of ada in payments-api closes at once/,
    );
    expect(api.calls).toEqual([]);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Revoke' }),
    );

    expect(await screen.findByText(/revoked the access/)).toBeVisible();
    expect(api.calls).toEqual([`revoke ${request.id}`]);
  });

  it('offers the requester the terminal and the end, and no decision', async () => {
    const request = activeRequest();
    await renderRequest(request);

    expect(
      await screen.findByRole('button', { name: 'Open terminal' }),
    ).toHaveAttribute(
      'href',
      `/kubernetes-access/requests/${request.id}/terminal`,
    );
    expect(screen.getByRole('button', { name: 'End now' })).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
    expect(screen.queryByRole('button', { name: 'Revoke…' })).toBeNull();
  });

  it('withdraws what only waits, once it has said what that means', async () => {
    const request = waitingRequest();
    const api = await renderRequest(request);

    await userEvent.click(
      await screen.findByRole('button', { name: 'Withdraw' }),
    );

    const dialog = await screen.findByRole('dialog');
    expect(api.calls).toEqual([]);
    await userEvent.click(
      within(dialog).getByRole('button', { name: 'Withdraw' }),
    );

    await waitFor(() =>
      expect(screen.getByRole('status')).toHaveTextContent('Ended'),
    );
    expect(api.calls).toEqual([`cancel ${request.id}`]);
    expect(screen.getByText(/withdrew the request/)).toBeVisible();
  });
});

describe('the terminal of one request', () => {
  it('says why there is none while nobody has decided', async () => {
    await renderRequest(waitingRequest(), { subPath: '/terminal' });

    expect(
      await screen.findByText(
        'There is no access yet: the request waits for a decision.',
      ),
    ).toBeVisible();
  });

  it('is not for the approver', async () => {
    await renderRequest(activeRequest(), { user: OLGA, subPath: '/terminal' });

    expect(
      await screen.findByText('Only who asked can open a terminal here.'),
    ).toBeVisible();
  });
});
