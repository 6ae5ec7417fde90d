import { useApi, useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ReactNode } from 'react';
import { useCallback } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useLive } from '../../hooks';
import { mineRouteRef, rootRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { InnerTabs } from '../ui';

interface PageTabsProps {
  current: 'to-decide' | 'mine';
  children: ReactNode;
}

/** The tabs with what waits behind them. Numbers that cannot be had are left out. */
export function PageTabs({ current, children }: PageTabsProps) {
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const rootLink = useRouteRef(rootRouteRef);
  const mineLink = useRouteRef(mineRouteRef);
  const live = useLive(useCallback(() => api.getCounts(), [api]));
  const { toDecide, mine } =
    live.status === 'ready' ? live.value : { toDecide: 0, mine: 0 };
  return (
    <>
      <InnerTabs
        label={t('page.tabs')}
        current={current}
        tabs={[
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
        ]}
      />
      {children}
    </>
  );
}
