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

/** Ends somebody else's access, after saying what will stop. */
export function RevokeAction({ request, onChanged }: RequestActionProps) {
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const requester = useEntityPresentation(request.requester).primaryTitle;
  const entity = useEntityPresentation(request.entityRef).primaryTitle;
  const [isAsking, setAsking] = useState(false);
  const revoke = useAction(async (comment?: string) => {
    await api.revokeRequest(request.id, { comment });
    setAsking(false);
    await onChanged();
  });

  if (!request.actions.revoke) {
    return null;
  }
  return (
    <>
      <Button variant="outlined" onClick={() => setAsking(true)}>
        {t('actions.revoke')}
      </Button>
      <ConfirmDialog
        isOpen={isAsking}
        title={t('actions.revokeTitle', { requester })}
        confirmLabel={t('actions.revokeConfirm')}
        commentLabel={t('actions.revokeComment')}
        commentHelp={t('actions.revokeCommentHelp', { requester })}
        failedTitle={t('actions.revokeFailed')}
        action={revoke}
        onClose={() => setAsking(false)}
      >
        {request.startsAt
          ? t('actions.revokeText', {
              requester,
              entity,
            })
          : t('actions.revokeTextStarting', { requester })}
      </ConfirmDialog>
    </>
  );
}
