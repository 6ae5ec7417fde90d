import { Progress } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { lazy, Suspense, useEffect, useState } from 'react';
import { useParams } from 'react-router-dom';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { InnerTab } from '../ui';
import { InnerTabs } from '../ui';
import { ApprovalsTab } from './ApprovalsTab';
import { SUB_PATHS, useTabPaths } from './paths';
import { openRequests } from './places';
import { RequestTab } from './RequestTab';
import { TerminalPlaceholder, useTerminalReason } from './TerminalPlaceholder';

const TerminalTab = lazy(() =>
  import('../Terminal').then(m => ({ default: m.TerminalTab })),
);

interface AccessRoutesProps {
  access: EntityAccess;
  title: string;
  refresh(): Promise<void>;
}

/** The inner tabs, each with a URL of its own. */
export function AccessRoutes({ access, title, refresh }: AccessRoutesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const current = useCurrentTab();
  const tabs = useTabs(access, current);
  const usable = openRequests(access).filter(
    ({ actions }) => actions.openSession,
  );
  // Once opened it stays, hidden, so that a look at another tab does not end a shell; also when the access ends,
  // because the text stays to be read.
  const [wasOpened, setWasOpened] = useState(false);
  const isOpening = current === 'terminal' && usable.length > 0;
  useEffect(() => {
    if (isOpening) {
      setWasOpened(true);
    }
  }, [isOpening]);

  return (
    <>
      <InnerTabs label={t('access.tabs')} tabs={tabs} current={current} />
      {current === 'request' && (
        <RequestTab access={access} refresh={refresh} />
      )}
      {current === 'approvals' && (
        <ApprovalsTab access={access} title={title} />
      )}
      {current === 'terminal' && !wasOpened && !isOpening && (
        <TerminalPlaceholder access={access} />
      )}
      {(wasOpened || isOpening) && (
        <div hidden={current !== 'terminal'}>
          <Suspense fallback={<Progress />}>
            <TerminalTab requests={usable} refresh={refresh} />
          </Suspense>
        </div>
      )}
    </>
  );
}

type TabId = 'request' | 'approvals' | 'terminal';

function useCurrentTab(): TabId {
  const { '*': rest = '' } = useParams();
  switch (rest.split('/')[0]) {
    case SUB_PATHS.approvals:
      return 'approvals';
    case SUB_PATHS.terminal:
      return 'terminal';
    default:
      return 'request';
  }
}

function useTabs(access: EntityAccess, current: TabId): InnerTab[] {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const paths = useTabPaths();
  const emptyReason = useTerminalReason(access);
  const seesApprovals =
    access.maySeeOthers || access.toDecide > 0 || current === 'approvals';
  return [
    { id: 'request', label: t('access.request'), to: paths.request },
    ...(seesApprovals
      ? [
          {
            id: 'approvals',
            label: t('access.approvals'),
            to: paths.approvals,
            count: access.toDecide,
            countLabel: t('access.approvalsCount', { count: access.toDecide }),
          },
        ]
      : []),
    {
      id: 'terminal',
      label: t('access.terminal'),
      to: paths.terminal,
      emptyReason,
    },
  ];
}
