import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { EndSentence } from '../RequestSentences';
import { DetailsLink, When } from '../ui';

/** The back end names no more; whoever asked so often may have asked more often. */
const MAX_NAMED = 5;

/** What somebody asked for on the same entity before: how often, and what became of the latest. */
export function Earlier({ requests }: { requests: AccessRequest[] }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [latest] = requests;
  if (!latest) {
    return <>{t('approvals.earlierNone')}</>;
  }
  const words = {
    count: requests.length,
    when: <When at={latest.createdAt} />,
  };
  return (
    <>
      {requests.length >= MAX_NAMED
        ? t('approvals.earlierMany', words)
        : t('approvals.earlier', words)}{' '}
      <EndSentence request={latest} />
      <DetailsLink requestId={latest.id} label={t('approvals.earlierLink')} />
    </>
  );
}
