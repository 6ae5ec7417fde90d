import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { toError } from '@backstage/errors';
import Button from '@material-ui/core/Button';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useId, useState } from 'react';
import { kubernetesAccessApiRef } from '../../api';
import { isConflict } from '../../format';
import { useAction } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice } from '../ui';
import { Consequence } from './Consequence';
import { DenyForm } from './DenyForm';
import type { RequestActionProps } from './types';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  buttons: { display: 'flex', flexWrap: 'wrap', gap: theme.spacing(1.5) },
}));

/** Approve and deny, with what would follow. The decision carries the digest of what is shown. */
export function DecideActions({ request, onChanged }: RequestActionProps) {
  const { id, digest, requester } = request;
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const consequenceId = useId();
  const [isDenying, setDenying] = useState(false);
  const decision = useAction(async (decide: () => Promise<unknown>) => {
    try {
      await decide();
    } catch (problem) {
      // Somebody else was faster, and the request itself says who and when.
      if (!isConflict(toError(problem))) {
        throw problem;
      }
    }
    await onChanged();
  });

  if (!request.actions.decide) {
    return null;
  }
  return (
    <div className={classes.root}>
      <Consequence id={consequenceId} request={request} />
      {isDenying ? (
        <DenyForm
          requester={requester}
          isRunning={decision.isRunning}
          onDeny={comment =>
            decision.run(() => api.denyRequest(id, { digest, comment }))
          }
          onCancel={() => setDenying(false)}
        />
      ) : (
        <div className={classes.buttons}>
          <Button
            variant="contained"
            color="primary"
            disabled={decision.isRunning}
            aria-describedby={consequenceId}
            onClick={() =>
              decision.run(() => api.approveRequest(id, { digest }))
            }
          >
            {t('actions.approve')}
          </Button>
          <Button
            variant="outlined"
            disabled={decision.isRunning}
            onClick={() => setDenying(true)}
          >
            {t('actions.deny')}
          </Button>
        </div>
      )}
      {decision.error && (
        <ErrorNotice title={t('actions.decideFailed')} error={decision.error} />
      )}
    </div>
  );
}
