import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { SessionProcesses } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';

/** What is known of the processes that a session started, after its end: the container's own word, and no more. */
export function ProcessesText({ processes }: { processes: SessionProcesses }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { state, left, reason } = processes;
  switch (state) {
    case 'waiting':
      return <>{t('requestPage.processesWaiting')}</>;
    case 'left':
      return left === 1 ? (
        <>{t('requestPage.processesLeftOne')}</>
      ) : (
        <>{t('requestPage.processesLeft', { left: String(left ?? 0) })}</>
      );
    case 'none-left':
      return <NoneLeft reason={reason} />;
    default:
      return <Unknown reason={reason} />;
  }
}

function NoneLeft({ reason }: Pick<SessionProcesses, 'reason'>) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  switch (reason) {
    case 'container-ended':
      return <>{t('requestPage.processesContainerEnded')}</>;
    case 'no-shell':
      return <>{t('requestPage.processesNeverStarted')}</>;
    default:
      return <>{t('requestPage.processesNoneLeft')}</>;
  }
}

function Unknown({ reason }: Pick<SessionProcesses, 'reason'>) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  switch (reason) {
    case 'no-shell':
      return <>{t('requestPage.processesNoShell')}</>;
    case 'odd-answer':
      return <>{t('requestPage.processesOddAnswer')}</>;
    case 'cannot-look':
      return <>{t('requestPage.processesCannotLook')}</>;
    case 'not-told-apart':
      return <>{t('requestPage.processesNotToldApart')}</>;
    case 'limits-raisable':
    case 'limits-unset':
      return <>{t('requestPage.processesMayHide')}</>;
    case 'refused':
    case 'unreachable':
      return <>{t('requestPage.processesUnreachable')}</>;
    default:
      return <>{t('requestPage.processesNoAnswer')}</>;
  }
}
