import { screen, waitFor, within } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import { deniedRequest, waitingRequest } from '../../testUtils/accessRequests';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { ApprovalQueue } from './ApprovalQueue';

async function renderQueue(requests = [waitingRequest()]) {
  const api = new FakeKubernetesAccessApi({
    user: 'user:default/olga',
    requests,
  });
  await renderWithAccess(<ApprovalQueue />, { api });
  return api;
}

describe('the approval queue', () => {
  it('says that nothing waits', async () => {
    await renderQueue([]);
    expect(await screen.findByText('Nothing waits for you.')).toBeVisible();
  });

  it('shows who wants what, where, for how long and why', async () => {
    await renderQueue();
    const card = await screen.findByRole('article', {
      name: /ada asks for a shell in payments-api/,
    });
    expect(card).toHaveTextContent('Orders of the last hour are stuck');
    expect(card).toHaveTextContent('Demo ▸ payments');
    expect(card).toHaveTextContent('backstage.io/kubernetes-id=payments-api');
    expect(card).toHaveTextContent('1 hour');
  });

  it('says what an approval leads to', async () => {
    await renderQueue();
    const button = await screen.findByRole('button', { name: 'Approve' });
    await waitFor(() =>
      expect(button).toHaveAccessibleDescription(
        /ada gets a shell in 2 pods for 1 hour, until about \d\d:\d\d/,
      ),
    );
  });

  it('approves exactly what is shown, and keeps the card with how it went', async () => {
    const user = userEvent.setup();
    const api = await renderQueue();
    const approve = jest.spyOn(api, 'approveRequest');
    await user.click(await screen.findByRole('button', { name: 'Approve' }));
    await waitFor(() =>
      expect(screen.getByRole('article')).toHaveTextContent(/olga approved/i),
    );
    const { id, digest } = waitingRequest();
    expect(approve).toHaveBeenCalledWith(id, { digest });
    expect(screen.getByText('Nothing waits for you.')).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Approve' })).toBeNull();
  });

  it('does not deny without a reason', async () => {
    const user = userEvent.setup();
    const api = await renderQueue();
    await user.click(await screen.findByRole('button', { name: 'Deny…' }));
    await user.click(screen.getByRole('button', { name: 'Deny' }));
    expect(screen.getByText(/Say why/)).toBeVisible();
    expect(api.calls).toEqual([]);
    await user.click(screen.getByLabelText('Reason'));
    await user.paste('Use staging');
    await user.click(screen.getByRole('button', { name: 'Deny' }));
    await waitFor(() =>
      expect(screen.getByRole('article')).toHaveTextContent(
        /Denied by .*: ‘Use staging’/,
      ),
    );
  });

  it('says who was faster, and takes the buttons away', async () => {
    const user = userEvent.setup();
    const api = await renderQueue();
    const button = await screen.findByRole('button', { name: 'Approve' });
    api.requests = [deniedRequest({ id: waitingRequest().id })];
    await user.click(button);
    const card = screen.getByRole('article');
    await waitFor(() =>
      expect(card).toHaveTextContent(/Denied by .*olga.*Use staging/i),
    );
    expect(within(card).queryByRole('button')).toBeNull();
  });

  it('says when a decision did not get through, and lets one try again', async () => {
    const user = userEvent.setup();
    const api = await renderQueue();
    const button = await screen.findByRole('button', { name: 'Approve' });
    api.failWith = new Error('The network is down');
    await user.click(button);
    expect(
      await screen.findByText('Your decision was not recorded.'),
    ).toBeVisible();
    api.failWith = undefined;
    await user.click(screen.getByRole('button', { name: 'Approve' }));
    await waitFor(() =>
      expect(screen.getByRole('article')).toHaveTextContent(/olga approved/i),
    );
  });
});
