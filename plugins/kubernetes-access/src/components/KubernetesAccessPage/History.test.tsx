import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  activeRequest,
  deniedRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { KubernetesAccessPage } from './KubernetesAccessPage';
import { saveFile } from './saveFile';

jest.mock('./saveFile', () => ({ saveFile: jest.fn() }));

async function renderHistory(api: FakeKubernetesAccessApi, query = '') {
  await renderWithAccess(<KubernetesAccessPage />, {
    api,
    mountedAt: '/kubernetes-access',
    address: `/kubernetes-access/history${query}`,
  });
  return api;
}

const someRequests = () => [
  waitingRequest(),
  activeRequest(),
  deniedRequest({ reason: 'Only to look at the ledger.' }),
];

function rows() {
  return within(screen.getByLabelText('Requests, newest first')).getAllByRole(
    'listitem',
  );
}

describe('the history', () => {
  it('shows everything that the reader may see, with who asked', async () => {
    await renderHistory(
      new FakeKubernetesAccessApi({ requests: someRequests() }),
    );

    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(within(rows()[0]).getByText('Waiting')).toBeVisible();
    expect(within(rows()[0]).getByText('ada')).toBeVisible();
  });

  it('is narrowed by the address', async () => {
    await renderHistory(
      new FakeKubernetesAccessApi({ requests: someRequests() }),
      '?search=ledger&state=denied',
    );

    await waitFor(() => expect(rows()).toHaveLength(1));
    expect(screen.getByRole('searchbox')).toHaveValue('ledger');
    expect(screen.getByLabelText('State')).toHaveValue('denied');
  });

  it('is narrowed by typing and choosing, and cleared again', async () => {
    await renderHistory(
      new FakeKubernetesAccessApi({ requests: someRequests() }),
    );
    await waitFor(() => expect(rows()).toHaveLength(3));

    await userEvent.type(screen.getByRole('searchbox'), 'ledger');
    await waitFor(() => expect(rows()).toHaveLength(1));
    await userEvent.selectOptions(screen.getByLabelText('State'), 'Active');
    expect(await screen.findByText('Nothing matches')).toBeVisible();

    await userEvent.click(
      screen.getAllByRole('button', { name: 'Clear the filters' })[0],
    );
    await waitFor(() => expect(rows()).toHaveLength(3));
    expect(screen.getByRole('searchbox')).toHaveValue('');
  });

  it('goes through the pages in both directions', async () => {
    const requests = Array.from({ length: 30 }, (_, index) =>
      deniedRequest({ id: `denied-${index}` }),
    );
    await renderHistory(new FakeKubernetesAccessApi({ requests }));
    await waitFor(() => expect(rows()).toHaveLength(25));
    expect(screen.getByRole('button', { name: 'Newer' })).toBeDisabled();

    await userEvent.click(screen.getByRole('button', { name: 'Older' }));
    await waitFor(() => expect(rows()).toHaveLength(5));
    expect(screen.getByRole('button', { name: 'Older' })).toBeDisabled();

    await userEvent.click(screen.getByRole('button', { name: 'Newer' }));
    await waitFor(() => expect(rows()).toHaveLength(25));
  });

  it('saves all pages of what is shown as one file', async () => {
    const requests = Array.from({ length: 130 }, (_, index) =>
      deniedRequest({ id: `denied-${index}` }),
    );
    await renderHistory(
      new FakeKubernetesAccessApi({
        requests: [waitingRequest(), ...requests],
      }),
      '?state=denied',
    );
    await userEvent.click(
      await screen.findByRole('button', { name: 'Export CSV' }),
    );

    expect(
      await screen.findByText('130 requests were exported.'),
    ).toBeVisible();
    const [name, type, content] = jest.mocked(saveFile).mock.calls[0];
    expect(name).toBe('kubernetes-access.csv');
    expect(type).toMatch('text/csv');
    expect(content.trim().split('\r\n')).toHaveLength(131);
  });

  it('says when there is nothing, what failed, and tries again', async () => {
    const api = new FakeKubernetesAccessApi();
    api.failWith = new Error('The database is away.');
    await renderHistory(api);
    expect(
      await screen.findByText('The history cannot be shown now.'),
    ).toBeVisible();
    expect(screen.getByText('The database is away.')).toBeVisible();

    api.failWith = undefined;
    await userEvent.click(screen.getByRole('button', { name: 'Try again' }));

    expect(await screen.findByText('Nothing was asked for yet')).toBeVisible();
  });
});
