import type { Entity } from '@backstage/catalog-model';
import { SIGNAL_CHANNEL } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import {
  act,
  fireEvent,
  screen,
  waitFor,
  within,
} from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  activeRequest,
  deniedRequest,
  expiredRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { paymentsTarget } from '../../testUtils/entityAccess';
import type { FakeApiOptions } from '../../testUtils/FakeKubernetesAccessApi';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { refusal } from '../../testUtils/refusal';
import { FakeSignals } from '../../testUtils/FakeSignals';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { AccessTab } from './AccessTab';

const ENTITY_REF = 'component:default/payments-api';

function paymentsApi(annotations: Record<string, string> = {}): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'payments-api', annotations },
    spec: { type: 'service', owner: 'group:default/payments' },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/payments' }],
  };
}

async function renderTab(
  options: FakeApiOptions & { subPath?: string; signals?: FakeSignals } = {},
) {
  const { subPath = '', signals, ...apiOptions } = options;
  const api = new FakeKubernetesAccessApi(apiOptions);
  await renderWithAccess(<AccessTab />, {
    api,
    signals,
    entity: paymentsApi({ 'backstage.io/kubernetes-id': 'payments-api' }),
    mountedAt: '/access',
    address: `/access${subPath}`,
  });
  return api;
}

async function fillIn(label: string, value: string) {
  fireEvent.change(await screen.findByLabelText(label), { target: { value } });
}

describe('the Access tab of somebody who has not asked', () => {
  it('says that there is no access, and shows the form with the pods that match now', async () => {
    await renderTab();
    expect(
      await screen.findByText('You have no access to payments-api.'),
    ).toBeVisible();
    const form = screen.getByRole('form', { name: 'Ask for access' });
    expect(within(form).getByText('Demo ▸ payments')).toBeVisible();
    expect(
      within(form).getByText(/2 pods match now, and those that replace them/),
    ).toBeVisible();
    expect(
      within(form).getByText('payments-api-6d5f7c9b8-x2x7q'),
    ).toBeVisible();
    expect(
      within(form).getByText(/metrics · CrashLoopBackOff · 7 restarts/),
    ).toBeVisible();
  });

  it('says who decides before anything is asked', async () => {
    await renderTab();
    const heading = await screen.findByRole('heading', { name: 'Who decides' });
    expect(heading.parentElement).toHaveTextContent(
      /Two people can approve this: .*olga and .*omar, for .*payments\. One of them is enough\. .*you will be notified/i,
    );
  });

  it('says why nothing can be asked for, and shows no dead form', async () => {
    await renderTab({
      entities: {
        [ENTITY_REF]: {
          targets: [
            paymentsTarget({
              pods: [],
              problem: {
                code: 'no-consent',
                message: 'The namespace payments does not name its owner yet.',
              },
            }),
          ],
        },
      },
    });
    expect(
      await screen.findByText('Nothing can be asked for here now'),
    ).toBeVisible();
    // Once, and where it is seen on every tab.
    expect(
      screen
        .getByText(/namespace payments does not name its owner yet/)
        .closest('section'),
    ).toBe(screen.getByRole('region', { name: 'How things stand' }));
    expect(
      screen.getByText(
        /kubectl annotate namespace payments kubernetes-access.io\/owners=group:default\/payments/,
      ),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Copy it' })).toBeVisible();
    expect(screen.queryByRole('form')).not.toBeInTheDocument();
    expect(screen.queryByRole('button', { name: 'Request access' })).toBeNull();
  });

  it('explains under Terminal why there is nothing to open', async () => {
    await renderTab({ subPath: '/terminal' });
    expect(
      await screen.findByText(
        'There is nothing to open: you have no access now.',
      ),
    ).toBeVisible();
    expect(screen.getByRole('tab', { name: 'Terminal' })).toHaveAttribute(
      'aria-disabled',
      'true',
    );
  });

  it('shows who is in to admins, who decide nothing', async () => {
    await renderTab({
      subPath: '/approvals',
      entities: { [ENTITY_REF]: { maySeeOthers: true } },
    });
    expect(await screen.findByRole('tab', { name: /Approvals/ })).toBeVisible();
    expect(
      await screen.findByRole('heading', { name: 'Open on this entity' }),
    ).toBeVisible();
    expect(
      screen.getByText('You are none of those who decide on payments-api.'),
    ).toBeVisible();
  });

  it('has no Approvals tab for those who decide nothing', async () => {
    await renderTab();
    await screen.findByRole('tab', { name: 'Request' });
    expect(screen.queryByRole('tab', { name: /Approvals/ })).toBeNull();
  });
});

describe('asking', () => {
  it('changes the state line in place', async () => {
    const user = userEvent.setup();
    const api = await renderTab();
    await fillIn('Why', 'The queue is stuck');
    await user.click(screen.getByRole('button', { name: '30 min' }));
    await user.click(
      within(screen.getByRole('form')).getByRole('button', {
        name: 'Send request',
      }),
    );
    expect(await screen.findByText(/Waiting for .* You asked/s)).toBeVisible();
    expect(screen.queryByRole('form')).not.toBeInTheDocument();
    expect(api.requests[0]).toMatchObject({
      reason: 'The queue is stuck',
      durationSeconds: 1800,
      targets: [{ namespace: 'payments' }],
    });
  });

  it('says what is wrong while it is typed, and sends nothing until it is right', async () => {
    const user = userEvent.setup();
    const api = await renderTab();
    await fillIn('Why', 'debug');
    expect(screen.getByText('5 more characters are needed.')).toBeVisible();
    await fillIn('How long', '9 h');
    expect(screen.getByText('At most 8 hours.')).toBeVisible();
    await user.click(
      within(screen.getByRole('form')).getByRole('button', {
        name: 'Send request',
      }),
    );
    expect(screen.getByLabelText('How long')).toHaveFocus();
    expect(api.calls).toEqual([]);
  });

  it('keeps what was typed while one looks at another tab', async () => {
    const user = userEvent.setup();
    await renderTab();
    await fillIn('Why', 'The queue is stuck');
    await user.click(screen.getByRole('tab', { name: 'Terminal' }));
    await user.click(screen.getByRole('tab', { name: 'Request' }));
    expect(await screen.findByLabelText('Why')).toHaveValue(
      'The queue is stuck',
    );
  });

  it('says in words of its own that the network or the sign-in is gone', async () => {
    const user = userEvent.setup();
    const api = await renderTab();
    await fillIn('Why', 'The queue is stuck');
    const send = () =>
      user.click(screen.getByRole('button', { name: 'Send request' }));
    api.failWith = new TypeError('Failed to fetch');
    await send();
    // Beside the form it can be told as well, of what is loaded now and then.
    const form = within(screen.getByRole('form'));
    expect(await form.findByText(/Backstage does not answer/)).toBeVisible();
    api.failWith = refusal(401, 'Missing credentials');
    await send();
    expect(await form.findByText(/Your sign-in has expired/)).toBeVisible();
    expect(screen.getByLabelText('Why')).toHaveValue('The queue is stuck');
  });

  it('keeps what was typed when it fails, and makes one request of two attempts', async () => {
    const user = userEvent.setup();
    const api = await renderTab();
    await fillIn('Why', 'The queue is stuck');
    const send = () =>
      user.click(
        within(screen.getByRole('form')).getByRole('button', {
          name: 'Send request',
        }),
      );
    api.failWith = new Error('The network is down');
    await send();
    expect(
      await screen.findByText('Your request could not be made.'),
    ).toBeVisible();
    expect(screen.getByLabelText('Why')).toHaveValue('The queue is stuck');
    api.failWith = undefined;
    await send();
    await screen.findByText(/Waiting for/);
    expect(api.requests).toHaveLength(1);
  });
});

describe('the Access tab of somebody who has asked', () => {
  it('withdraws a waiting request, after saying what that means', async () => {
    const user = userEvent.setup();
    await renderTab({ requests: [waitingRequest()] });
    await user.click(await screen.findByRole('button', { name: 'Withdraw' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(/you get no access to .*payments-api/);
    await user.click(within(dialog).getByRole('button', { name: 'Withdraw' }));
    expect(await screen.findByText(/You withdrew your request/)).toBeVisible();
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeVisible();
  });

  it('tells how much time is left, and leads to the terminal', async () => {
    await renderTab({ requests: [activeRequest()] });
    await waitFor(() =>
      expect(
        screen.getByRole('region', { name: 'How things stand' }),
      ).toHaveTextContent(/Access until .*, 5[67] minutes left\./),
    );
    expect(
      screen.getByRole('button', { name: 'Open terminal' }),
    ).toHaveAttribute('href', '/access/terminal');
  });

  it('asks before it ends an access that is in use', async () => {
    const user = userEvent.setup();
    const api = await renderTab({ requests: [activeRequest()] });
    await user.click(await screen.findByRole('button', { name: 'End now' }));
    const dialog = await screen.findByRole('dialog');
    expect(dialog).toHaveTextContent(/Your open terminals in .* close at once/);
    expect(api.calls).toEqual([]);
    await user.click(within(dialog).getByRole('button', { name: 'End now' }));
    expect(await screen.findByText(/You ended it at/)).toBeVisible();
  });

  it('puts the focus on the state line when what was clicked is gone', async () => {
    const user = userEvent.setup();
    await renderTab({ requests: [waitingRequest()] });
    await user.click(await screen.findByRole('button', { name: 'Withdraw' }));
    await user.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Withdraw',
      }),
    );
    await screen.findByText(/You withdrew your request/);
    await waitFor(() =>
      expect(
        screen.getByRole('region', { name: 'How things stand' }),
      ).toHaveFocus(),
    );
  });

  it('does not let one ask again at once after a denial, and says how long', async () => {
    await renderTab({
      requests: [
        deniedRequest({
          askAgainAt: new Date(Date.now() + 4.5 * 60_000).toISOString(),
        }),
      ],
    });
    expect(
      await screen.findByText('You can ask again in 4 minutes.'),
    ).toBeVisible();
    expect(screen.queryByRole('button', { name: 'Ask again' })).toBeNull();
    expect(screen.queryByRole('form')).toBeNull();
  });

  it('repeats why it was denied', async () => {
    await renderTab({ requests: [deniedRequest()] });
    expect(
      await screen.findByText(/Denied by .*: ‘Use staging/s),
    ).toBeVisible();
  });

  it('says that the time was up, and what is left to be cleaned up', async () => {
    await renderTab({
      requests: [
        expiredRequest({
          removal: { state: 'failing', message: 'The cluster is away.' },
        }),
      ],
    });
    expect(await screen.findByText(/your time was up\./)).toBeVisible();
    expect(
      screen.getByText(/could not be removed yet.*The cluster is away\./s),
    ).toBeVisible();
  });

  it('learns of an approval by a signal, without a reload', async () => {
    const signals = new FakeSignals();
    const api = await renderTab({ requests: [waitingRequest()], signals });
    await screen.findByText(/Waiting for/);
    api.requests = [activeRequest({ id: waitingRequest().id })];
    act(() =>
      signals.send(SIGNAL_CHANNEL, {
        requestId: waitingRequest().id,
        entityRef: ENTITY_REF,
      }),
    );
    expect(await screen.findByText(/Access until/)).toBeVisible();
  });

  it('does not look again for what happens to other entities', async () => {
    const signals = new FakeSignals();
    const api = await renderTab({ requests: [waitingRequest()], signals });
    await screen.findByText(/Waiting for/);
    const looks = jest.spyOn(api, 'getEntityAccess');
    act(() =>
      signals.send(SIGNAL_CHANNEL, {
        requestId: 'another',
        entityRef: 'component:default/another',
      }),
    );
    expect(looks).not.toHaveBeenCalled();
  });
});

describe('the Access tab of an owner', () => {
  it('counts what waits for them and lets them decide', async () => {
    const user = userEvent.setup();
    const api = await renderTab({
      user: 'user:default/olga',
      requests: [waitingRequest()],
      subPath: '/approvals',
    });
    expect(
      await screen.findByRole('tab', { name: /Approvals/ }),
    ).toHaveTextContent('1');
    await user.click(await screen.findByRole('button', { name: 'Approve' }));
    await waitFor(() =>
      expect(api.calls).toEqual([`approve ${waitingRequest().id}`]),
    );
  });

  it('shows who is in, and ends it after asking', async () => {
    const user = userEvent.setup();
    const api = await renderTab({
      user: 'user:default/olga',
      requests: [activeRequest()],
      subPath: '/approvals',
    });
    await user.click(await screen.findByRole('button', { name: 'Revoke…' }));
    await user.click(
      within(await screen.findByRole('dialog')).getByRole('button', {
        name: 'Revoke',
      }),
    );
    await waitFor(() =>
      expect(api.calls).toEqual([`revoke ${activeRequest().id}`]),
    );
  });
});

describe('the Access tab when something is missing', () => {
  it('tells a component without annotations how to name its pods', async () => {
    await renderWithAccess(<AccessTab />, {
      api: new FakeKubernetesAccessApi(),
      entity: paymentsApi(),
    });
    expect(
      screen.getByText('backstage.io/kubernetes-label-selector'),
    ).toBeVisible();
    expect(
      screen.getAllByText(/backstage\.io\/kubernetes-id/),
    ).not.toHaveLength(0);
  });

  it('says what failed and why, and tries again when told to', async () => {
    const user = userEvent.setup();
    const api = new FakeKubernetesAccessApi();
    api.failWith = new Error('The back end is restarting');
    await renderWithAccess(<AccessTab />, {
      api,
      entity: paymentsApi({ 'backstage.io/kubernetes-id': 'payments-api' }),
    });
    expect(await screen.findByText('The back end is restarting')).toBeVisible();
    api.failWith = undefined;
    await user.click(screen.getByRole('button', { name: 'Try again' }));
    expect(await screen.findByText(/You have no access/)).toBeVisible();
  });
});
