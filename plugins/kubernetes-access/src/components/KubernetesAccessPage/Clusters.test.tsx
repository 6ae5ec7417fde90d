import { screen, within } from '@testing-library/react';
import type { ClusterStatus } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { FakeApiOptions } from '../../testUtils/FakeKubernetesAccessApi';
import { FakeKubernetesAccessApi } from '../../testUtils/FakeKubernetesAccessApi';
import { renderWithAccess } from '../../testUtils/renderWithAccess';
import { KubernetesAccessPage } from './KubernetesAccessPage';

const well: ClusterStatus = {
  name: 'prod',
  title: 'Production',
  state: 'ready',
  leader: { host: 'backstage-1', isThisReplica: true },
  grants: { active: 2, toMake: 0, toRemove: 0, behindSeconds: 0 },
  rights: { held: 33, missing: [], namespaces: ['grants', 'payments'] },
};

const closed: ClusterStatus = {
  name: 'old',
  title: 'Old one',
  state: 'suspended',
  message: 'It was looked after with records that this Backstage lacks.',
  grants: { active: 0, toMake: 1, toRemove: 2, behindSeconds: 200 },
  rights: {
    held: 32,
    missing: ['create pods/exec in payments'],
    namespaces: ['grants', 'payments'],
  },
};

async function renderClusters(options: FakeApiOptions) {
  await renderWithAccess(<KubernetesAccessPage />, {
    api: new FakeKubernetesAccessApi(options),
    mountedAt: '/kubernetes-access',
    address: '/kubernetes-access/clusters',
  });
}

describe('the tab of clusters', () => {
  it('tells of one that is well that nothing is to be done', async () => {
    await renderClusters({ clusters: [well] });

    const card = within(
      await screen.findByRole('article', { name: 'Production' }),
    );
    expect(card.getByText('Ready')).toBeVisible();
    expect(card.getByText('backstage-1 (answers you)')).toBeVisible();
    expect(card.getByText('2 accesses')).toBeVisible();
    expect(card.getByText(/^Nothing: the cluster is as/)).toBeVisible();
    expect(
      card.getByText('All 33 that are needed in grants and payments'),
    ).toBeVisible();
  });

  it('tells of one in trouble what is wrong, what is outstanding and what is missing', async () => {
    await renderClusters({ clusters: [well, closed] });

    const card = within(
      await screen.findByRole('article', { name: 'Old one' }),
    );
    expect(card.getByText('Closed')).toBeVisible();
    expect(card.getByRole('alert')).toHaveTextContent(
      /records that this Backstage lacks/,
    );
    expect(
      card.getByText(
        '1 approved, not set up yet, 2 ended, not verified to be gone yet, the oldest for 3 minutes',
      ),
    ).toBeVisible();
    expect(card.getByText('create pods/exec in payments')).toBeVisible();
    expect(screen.getByRole('tab', { name: /^Clusters/ })).toHaveTextContent(
      '1',
    );
  });

  it('says to everybody else for whom it is', async () => {
    await renderClusters({});

    expect(
      await screen.findByText('How the clusters are is for admins'),
    ).toBeVisible();
  });
});
