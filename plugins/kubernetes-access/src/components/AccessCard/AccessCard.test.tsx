import type { Entity } from '@backstage/catalog-model';
import { screen } from '@testing-library/react';
import userEvent from '@testing-library/user-event';
import {
  activeRequest,
  deniedRequest,
  waitingRequest,
} from '../../testUtils/accessRequests';
import { paymentsTarget } from '../../testUtils/entityAccess';
import type { FakeApiOptions } from '../../testUtils/FakeKubernetesAccessApi';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { refusal } from '../../testUtils/refusal';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { AccessCard } from './AccessCard';

const ENTITY_REF = 'component:default/payments-api';
const NAMED = { 'backstage.io/kubernetes-id': 'payments-api' };

function paymentsApi(annotations: Record<string, string>): Entity {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'payments-api', annotations },
    spec: { type: 'service', owner: 'group:default/payments' },
  };
}

interface CardOptions extends FakeApiOptions {
  annotations?: Record<string, string>;
  failWith?: Error;
  /** Nowhere, in an app that has the card but not the tab. */
  tabAt?: string;
}

async function renderCard(options: CardOptions = {}) {
  const { annotations = NAMED, failWith, ...rest } = options;
  const api = new FakeKubernetesAccessApi(rest);
  api.failWith = failWith;
  await renderWithAccess(<AccessCard />, {
    api,
    entity: paymentsApi(annotations),
    mountedAt: '/overview',
    tabAt: 'tabAt' in options ? options.tabAt : '/access',
  });
  return api;
}

describe('the card on the overview of an entity', () => {
  it('says that there is no access, and leads to where one asks for it', async () => {
    await renderCard();
    expect(
      await screen.findByText('You have no access to payments-api.'),
    ).toBeVisible();
    expect(
      screen.getByRole('button', { name: 'Request access' }),
    ).toHaveAttribute('href', '/access');
  });

  it('tells how much time is left, and leads to the terminal', async () => {
    await renderCard({ requests: [activeRequest()] });
    expect(await screen.findByText(/Access until/)).toHaveTextContent(
      /5[67] minutes left\./,
    );
    expect(
      screen.getByRole('button', { name: 'Open terminal' }),
    ).toHaveAttribute('href', '/access/terminal');
  });

  it('says for whom a request waits', async () => {
    await renderCard({ requests: [waitingRequest()] });
    expect(await screen.findByText(/Waiting for/)).toBeVisible();
    expect(screen.queryByRole('button', { name: /ask/i })).toBeNull();
  });

  it('says how the latest one ended, and offers to ask again', async () => {
    await renderCard({ requests: [deniedRequest()] });
    expect(
      await screen.findByText(/Denied by .*: ‘Use staging/s),
    ).toBeVisible();
    expect(screen.getByRole('button', { name: 'Ask again' })).toBeVisible();
  });

  it('says why nothing can be asked for, and shows no dead button', async () => {
    await renderCard({
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
      await screen.findByText(
        'The namespace payments does not name its owner yet.',
      ),
    ).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('says what went wrong, and tries again on request', async () => {
    const api = await renderCard({
      failWith: refusal(403, 'Guests can neither ask nor approve.'),
    });
    expect(
      await screen.findByText('Guests can neither ask nor approve.'),
    ).toBeVisible();
    api.failWith = undefined;
    await userEvent.click(screen.getByRole('button', { name: /again/i }));
    expect(
      await screen.findByText('You have no access to payments-api.'),
    ).toBeVisible();
  });

  it('leads nowhere in an app that has no tab', async () => {
    await renderCard({ tabAt: undefined });
    expect(
      await screen.findByText('You have no access to payments-api.'),
    ).toBeVisible();
    expect(screen.queryByRole('button')).toBeNull();
  });

  it('is not there on an entity that names no pods', async () => {
    await renderCard({ annotations: {} });
    expect(screen.queryByText('Kubernetes access')).toBeNull();
  });
});
