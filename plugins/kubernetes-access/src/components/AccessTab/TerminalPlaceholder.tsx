import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { EntityAccess } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank } from '../ui';
import { openRequests } from './places';

/** Why there is no terminal to open; undefined when there is one. */
export function useTerminalReason(access: EntityAccess): string | undefined {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const open = openRequests(access);
  if (open.some(({ actions }) => actions.openSession)) {
    return undefined;
  }
  if (open.some(({ phase }) => phase === 'Approved')) {
    return t('access.terminalSettingUp');
  }
  return open.some(({ phase }) => phase === 'Pending')
    ? t('access.terminalWaiting')
    : t('access.terminalNone');
}

/** What stands in the place of the terminal while there is nothing to open. It opens by itself when there is. */
export function TerminalPlaceholder({ access }: { access: EntityAccess }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const reason = useTerminalReason(access);
  return <Blank title={reason}>{t('access.terminalComes')}</Blank>;
}
