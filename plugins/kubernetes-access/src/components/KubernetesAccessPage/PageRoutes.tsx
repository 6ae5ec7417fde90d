import { EmptyState } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { Route, Routes } from 'react-router-dom';
import { mineRouteRef, requestRouteRef, terminalRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ApprovalQueue } from '../ApprovalQueue';
import { RequestPage, RequestTerminalPage } from '../RequestPage';
import { Mine } from './Mine';
import { PageTabs } from './PageTabs';

/** What is below the address of the page. */
export function PageRoutes() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <Routes>
      <Route path={requestRouteRef.path} element={<RequestPage />} />
      <Route path={terminalRouteRef.path} element={<RequestTerminalPage />} />
      <Route
        path="/"
        element={
          <PageTabs current="to-decide">
            <ApprovalQueue />
          </PageTabs>
        }
      />
      <Route
        path={mineRouteRef.path}
        element={
          <PageTabs current="mine">
            <Mine />
          </PageTabs>
        }
      />
      <Route
        path="*"
        element={<EmptyState missing="content" title={t('page.notFound')} />}
      />
    </Routes>
  );
}
