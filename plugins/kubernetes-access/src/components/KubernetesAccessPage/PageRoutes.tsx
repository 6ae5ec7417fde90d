import { LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ReactNode } from 'react';
import { Route, Routes } from 'react-router-dom';
import {
  clustersRouteRef,
  historyRouteRef,
  liveRouteRef,
  mineRouteRef,
  requestRouteRef,
  rootRouteRef,
  terminalRouteRef,
} from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ApprovalQueue } from '../ApprovalQueue';
import { RequestPage, RequestTerminalPage } from '../RequestPage';
import { Blank } from '../ui';
import { Clusters } from './Clusters';
import { History } from './History';
import { Live } from './Live';
import { Mine } from './Mine';
import type { TabId } from './PageTabs';
import { PageTabs } from './PageTabs';

/** What is below the address of the page. */
export function PageRoutes() {
  return (
    <Routes>
      <Route path={requestRouteRef.path} element={<RequestPage />} />
      <Route path={terminalRouteRef.path} element={<RequestTerminalPage />} />
      <Route path="/" element={inTab('to-decide', <ApprovalQueue />)} />
      <Route path={mineRouteRef.path} element={inTab('mine', <Mine />)} />
      <Route path={liveRouteRef.path} element={inTab('live', <Live />)} />
      <Route
        path={historyRouteRef.path}
        element={inTab('history', <History />)}
      />
      <Route
        path={clustersRouteRef.path}
        element={inTab('clusters', <Clusters />)}
      />
      <Route path="*" element={<NoSuchPage />} />
    </Routes>
  );
}

function inTab(current: TabId, content: ReactNode) {
  return <PageTabs current={current}>{content}</PageTabs>;
}

function NoSuchPage() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const rootLink = useRouteRef(rootRouteRef);
  return (
    <Blank
      title={t('page.notFound')}
      action={
        <LinkButton variant="outlined" color="primary" to={rootLink()}>
          {t('page.notFoundNext')}
        </LinkButton>
      }
    >
      {t('page.notFoundWhy')}
    </Blank>
  );
}
