import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Person } from '../ui';
import type { TimelineRow } from './timelineRows';

interface EndTextProps {
  row: Extract<TimelineRow, { kind: 'ended' }>;
  request: AccessRequestDetail;
}

/** How a request ended, and by whom. */
export function EndText({ row, request }: EndTextProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const actor = <Person entityRef={row.actor} />;
  switch (row.reason) {
    case 'cancelled':
      return request.startsAt ? (
        <>{t('requestPage.endedByRequester', { actor })}</>
      ) : (
        <>{t('requestPage.endedWithdrawn', { actor })}</>
      );
    case 'revoked':
      return <>{t('requestPage.endedRevoked', { actor })}</>;
    case 'deleted':
      return <>{t('requestPage.endedDeleted', { actor })}</>;
    case 'tampered':
      return <>{t('requestPage.endedTampered', { actor })}</>;
    case 'failed':
      return <>{t('requestPage.endedFailed')}</>;
    default:
      return <Expiry request={request} />;
  }
}

/** Which of the times was up. */
function Expiry({ request }: { request: AccessRequestDetail }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (request.startsAt) {
    return <>{t('requestPage.endedInTime')}</>;
  }
  const isApproved = request.decisions.some(
    ({ verdict }) => verdict === 'approve',
  );
  return isApproved && request.policy.approvals <= request.decisions.length ? (
    <>{t('requestPage.endedNotStarted')}</>
  ) : (
    <>{t('requestPage.endedUndecided')}</>
  );
}
