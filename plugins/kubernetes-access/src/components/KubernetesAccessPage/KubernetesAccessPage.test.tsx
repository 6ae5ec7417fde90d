import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  activeRequest,
  deniedRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import type { FakeApiOptions } from '../../testUtils/FakeKubernetesAccessApi';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { KubernetesAccessPage } from './KubernetesAccessPage';

async function renderPage(subPath: string, options: FakeApiOptions = {}) {
  const api = new FakeKubernetesAccessApi(options);
  await renderWithAccess(<KubernetesAccessPage />, {
    api,
    mountedAt: '/kubernetes-access',
    address: `/kubernetes-access${subPath}`,
  });
  return api;
}

describe('the page of an approver', () => {
  it('counts and shows what waits for the decision', async () => {
    await renderPage('/', {
      user: 'user:default/olga',
      requests: [waitingRequest()],
    });

    expect(
      await screen.findByRole('button', { name: 'Approve' }),
    ).toBeVisible();
    expect(screen.getByRole('tab', { name: /^To decide/ })).toHaveTextContent(
      '1',
    );
  });

  it('says when nothing waits', async () => {
    await renderPage('/', { user: 'user:default/olga' });

    expect(await screen.findByText('Nothing waits for you.')).toBeVisible();
  });
});

describe('the page of somebody who has asked', () => {
  it('separates what goes on from what is over', async () => {
    await renderPage('/mine', {
      requests: [waitingRequest(), deniedRequest()],
    });

    const now = (await screen.findByText('Now')).closest('section')!;
    const earlier = screen.getByText('Earlier').closest('section')!;
    expect(within(now).getByText('Waiting')).toBeVisible();
    expect(within(earlier).getByText('Denied')).toBeVisible();
  });

  it('leads to the page of a request and to its terminal', async () => {
    const { id } = activeRequest();
    await renderPage('/mine', { requests: [activeRequest()] });

    expect(
      await screen.findByRole('link', { name: 'payments-api' }),
    ).toHaveAttribute('href', `/kubernetes-access/requests/${id}`);
    expect(screen.getByRole('link', { name: 'Open terminal' })).toHaveAttribute(
      'href',
      `/kubernetes-access/requests/${id}/terminal`,
    );
  });

  it('does not show what others asked for', async () => {
    await renderPage('/mine', {
      requests: [waitingRequest({ requester: 'user:default/sam' })],
    });

    expect(
      await screen.findByText('You have not asked for anything yet'),
    ).toBeVisible();
  });

  it('shows more than one page on demand', async () => {
    const requests = Array.from({ length: 30 }, (_, index) =>
      deniedRequest({ id: `denied-${index}` }),
    );
    await renderPage('/mine', { requests });

    await userEvent.click(
      await screen.findByRole('button', { name: 'Show more' }),
    );

    await waitFor(() => expect(screen.getAllByText('Denied')).toHaveLength(30));
    expect(screen.queryByRole('button', { name: 'Show more' })).toBeNull();
  });

  it('says what failed and why, and tries again', async () => {
    const api = new FakeKubernetesAccessApi({ requests: [waitingRequest()] });
    api.failWith = new Error('The database is away.');
    await renderWithAccess(<KubernetesAccessPage />, {
      api,
      mountedAt: '/kubernetes-access',
      address: '/kubernetes-access/mine',
    });
    expect(
      await screen.findByText('Your requests cannot be shown now.'),
    ).toBeVisible();
    expect(screen.getByText('The database is away.')).toBeVisible();

    api.failWith = undefined;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('Waiting')).toBeVisible();
  });
});

describe('the tabs', () => {
  it('show clusters to admins only', async () => {
    await renderPage('/', { clusters: [] });
    expect(await screen.findByRole('tab', { name: 'Clusters' })).toBeVisible();
  });

  it('do not speak of clusters to others', async () => {
    await renderPage('/', { requests: [waitingRequest()] });
    await screen.findByRole('tab', { name: /^Mine/ });
    expect(screen.queryByRole('tab', { name: /^Clusters/ })).toBeNull();
  });

  it.each([
    ['', 'To decide'],
    ['/mine', 'Mine'],
    ['/live', 'Live'],
    ['/history', 'History'],
  ])(
    'at %p say where one is in the title of the window',
    async (path, name) => {
      await renderPage(path);
      await screen.findByRole('tab', { name, selected: true });
      expect(document.title).toMatch(`${name} · Kubernetes access | `);
    },
  );

  it('are not there where there is nothing', async () => {
    await renderPage('/nothing');
    expect(await screen.findByText('There is no such page')).toBeVisible();
  });
});
