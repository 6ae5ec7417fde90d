import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useEntityPresentation } from '@backstage/plugin-catalog-react';
import Button from '@material-ui/core/Button';
import { useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { useAction } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ConfirmDialog, ErrorNotice } from '../ui';
import type { RequestActionProps } from './types';

/** Withdraws a request that waits, or ends an access that has begun, after asking. */
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
  if (request.phase === 'Pending') {
    return (
      <>
        <Button
          variant="outlined"
          disabled={cancel.isRunning}
          onClick={() => cancel.run()}
        >
          {t('actions.withdraw')}
        </Button>
        {cancel.error && (
          <ErrorNotice
            title={t('actions.withdrawFailed')}
            error={cancel.error}
          />
        )}
      </>
    );
  }
  return (
    <>
      <Button variant="outlined" onClick={() => setAsking(true)}>
        {t('actions.end')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('actions.endTitle')}
        confirmLabel={t('actions.end')}
        failedTitle={t('actions.endFailed')}
        action={cancel}
        onClose={() => setAsking(false)}
      >
        {t('actions.endText', {
          entity,
        })}
      </ConfirmDialog>
    </>
  );
}
