import { screen, waitFor } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { activeRequest, closedSession } from '../../testUtils/accessRequests';
import type { FakeApiOptions } from '../../testUtils/FakeKubernetesAccessApi';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { KubernetesAccessPage } from './KubernetesAccessPage';

async function renderLive(options: FakeApiOptions) {
  const api = new FakeKubernetesAccessApi(options);
  await renderWithAccess(<KubernetesAccessPage />, {
    api,
    mountedAt: '/kubernetes-access',
    address: '/kubernetes-access/live',
  });
  return api;
}

const inUse = () =>
  activeRequest({ sessions: [closedSession({ state: 'open' })] });

describe('the tab of open terminals', () => {
  it('tells who is where and for how long still, and counts them', async () => {
    await renderLive({ user: 'user:default/olga', requests: [inUse()] });

    expect(await screen.findByText(/^Opened/)).toHaveTextContent(
      /minutes left · recorded/,
    );
    expect(screen.getByRole('tab', { name: /^Live/ })).toHaveTextContent('1');
  });

  it('tells how much went through so far', async () => {
    await renderLive({ user: 'user:default/olga', requests: [inUse()] });

    expect(
      await screen.findByText(/412 bytes typed, 18.7 kB received/),
    ).toBeVisible();
  });

  it('lets those watch who may', async () => {
    await renderLive({
      user: 'user:default/olga',
      requests: [
        activeRequest({
          sessions: [closedSession({ state: 'open', playable: true })],
        }),
      ],
    });

    expect(
      await screen.findByRole('button', { name: /^Watch/ }),
    ).toHaveAttribute(
      'href',
      `/kubernetes-access/requests/${inUse().id}?play=${closedSession().id}`,
    );
  });

  it('offers nobody to watch who may not', async () => {
    await renderLive({ user: 'user:default/olga', requests: [inUse()] });

    await screen.findByText(/^Opened/);
    expect(screen.queryByText('Watch')).toBeNull();
  });

  it('ends the access after saying what stops', async () => {
    const api = await renderLive({
      user: 'user:default/olga',
      requests: [inUse()],
    });
    await userEvent.click(
      await screen.findByRole('button', { name: 'Revoke…' }),
    );
    expect(screen.getByRole('dialog')).toHaveTextContent(
      /open terminal of ada .* closes at once/,
    );
    await userEvent.click(screen.getByRole('button', { name: 'Revoke' }));

    await waitFor(() => expect(api.calls).toEqual([`revoke ${inUse().id}`]));
  });

  it('says when nobody is in', async () => {
    await renderLive({});

    expect(await screen.findByText('No terminal is open now')).toBeVisible();
  });
});
