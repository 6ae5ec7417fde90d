import { useApi, useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useLive } from '../../hooks';
import {
  clustersRouteRef,
  historyRouteRef,
  liveRouteRef,
  mineRouteRef,
  rootRouteRef,
} from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { InnerTab } from '../ui';
import { InnerTabs } from '../ui';
import { useLiveSessions } from './Live';

export type TabId = 'to-decide' | 'mine' | 'live' | 'history' | 'clusters';

interface PageTabsProps {
  current: TabId;
  children: ReactNode;
}

/** The tabs with what waits behind them. Numbers that cannot be had are left out. */
export function PageTabs({ current, children }: PageTabsProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <>
      <InnerTabs
        label={t('page.tabs')}
        current={current}
        tabs={useTabs(current)}
      />
      {children}
    </>
  );
}

function useTabs(current: TabId): InnerTab[] {
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const rootLink = useRouteRef(rootRouteRef);
  const mineLink = useRouteRef(mineRouteRef);
  const liveLink = useRouteRef(liveRouteRef);
  const historyLink = useRouteRef(historyRouteRef);
  const clustersLink = useRouteRef(clustersRouteRef);
  const counts = useLive(useCallback(() => api.getCounts(), [api]));
  const sessions = useLiveSessions();
  const { toDecide, mine, clusterAlarms } =
    counts.status === 'ready'
      ? counts.value
      : { toDecide: 0, mine: 0, clusterAlarms: undefined };
  const live = sessions.status === 'ready' ? sessions.value.items.length : 0;
  return [
    {
      id: 'to-decide',
      label: t('page.toDecide'),
      to: rootLink(),
      count: toDecide,
      countLabel: t('page.toDecideCount', { count: toDecide }),
    },
    {
      id: 'mine',
      label: t('page.mine'),
      to: mineLink(),
      count: mine,
      countLabel: t('page.mineCount', { count: mine }),
    },
    {
      id: 'live',
      label: t('page.live'),
      to: liveLink(),
      count: live,
      countLabel: t('page.liveCount', { count: live }),
    },
    { id: 'history', label: t('page.history'), to: historyLink() },
    // Only admins are told of clusters; who is on the tab all the same reads there why it is empty.
    ...(clusterAlarms !== undefined || current === 'clusters'
      ? [
          {
            id: 'clusters',
            label: t('page.clusters'),
            to: clustersLink(),
            count: clusterAlarms,
            countLabel: t('page.clustersCount', { count: clusterAlarms ?? 0 }),
          },
        ]
      : []),
  ];
}
