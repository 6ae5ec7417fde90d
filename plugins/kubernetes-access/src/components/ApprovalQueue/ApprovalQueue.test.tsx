import { act, screen, waitFor, within } from '@testing-library/react';
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
    expect(
      within(card).getByTitle(/backstage.io\/kubernetes-id=payments-api/),
    ).toBeVisible();
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

  it('says what is special about the pods, and what was asked for here before', async () => {
    const earlier = deniedRequest();
    const api = new FakeKubernetesAccessApi({
      user: 'user:default/olga',
      requests: [waitingRequest(), earlier],
    });
    api.reviews[waitingRequest().id] = {
      traits: ['host-network', 'root'],
      earlier: [earlier],
    };
    await renderWithAccess(<ApprovalQueue />, { api });
    const card = await screen.findByRole('article');
    await waitFor(() =>
      expect(card).toHaveTextContent(
        /In the network of its node.*Runs as root.*Asked once before.*Denied by .*olga/i,
      ),
    );
  });

  it('lets one decide when nothing more can be found out', async () => {
    const api = new FakeKubernetesAccessApi({
      user: 'user:default/olga',
      requests: [waitingRequest()],
    });
    api.reviewRequest = async () => {
      throw new Error('The cluster is away');
    };
    await renderWithAccess(<ApprovalQueue />, { api });
    const card = await screen.findByRole('article');
    await waitFor(() =>
      expect(card).toHaveTextContent('Could not be found out now'),
    );
    expect(within(card).getByRole('button', { name: 'Approve' })).toBeEnabled();
  });

  it('keeps the focus on the card when its buttons go', async () => {
    const user = userEvent.setup();
    await renderQueue();
    const button = await screen.findByRole('button', { name: 'Approve' });
    act(() => button.focus());
    await user.keyboard('{Enter}');
    await waitFor(() => expect(screen.getByRole('article')).toHaveFocus());
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
      await screen.findByText('Your decision did not get through.'),
    ).toBeVisible();
    api.failWith = undefined;
    await user.click(screen.getByRole('button', { name: 'Approve' }));
    await waitFor(() =>
      expect(screen.getByRole('article')).toHaveTextContent(/olga approved/i),
    );
  });
});
