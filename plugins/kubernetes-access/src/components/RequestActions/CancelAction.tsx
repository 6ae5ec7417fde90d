import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEntityPresentation } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useAction } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ConfirmDialog } from '../ui';
import type { RequestActionProps } from './types';

/** Withdraws a request that waits, or ends an access that has begun, after saying what stops. */
export function CancelAction({ request, onChanged }: RequestActionProps) {
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const entity = useEntityPresentation(request.entityRef).primaryTitle;
  const [isAsking, setAsking] = useState(false);
  const cancel = useAction(async () => {
    await api.cancelRequest(request.id);
    setAsking(false);
    await onChanged();
  });

  if (!request.actions.cancel) {
    return null;
  }
  const isWaiting = request.phase === 'Pending';
  return (
    <>
      <Button variant="outlined" onClick={() => setAsking(true)}>
        {isWaiting ? t('actions.withdraw') : t('actions.end')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={isWaiting ? t('actions.withdrawTitle') : t('actions.endTitle')}
        confirmLabel={isWaiting ? t('actions.withdraw') : t('actions.end')}
        failedTitle={
          isWaiting ? t('actions.withdrawFailed') : t('actions.endFailed')
        }
        action={cancel}
        onClose={() => setAsking(false)}
      >
        {isWaiting
          ? t('actions.withdrawText', { entity })
          : t('actions.endText', { entity })}
      </ConfirmDialog>
    </>
  );
}
