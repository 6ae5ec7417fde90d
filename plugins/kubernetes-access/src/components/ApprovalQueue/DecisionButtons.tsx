import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { toError } from '@backstage/errors';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
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

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'grid', gap: theme.spacing(1.5) },
  buttons: { display: 'flex', gap: theme.spacing(1) },
}));

interface DecisionButtonsProps {
  request: AccessRequest;
  onDecided(request: AccessRequest): void;
  /** Somebody else was faster. */
  onOvertaken(id: string): Promise<void>;
  /** How many pods it would reach now, where that is known. */
  pods?: number;
}

/** What approving leads to, and the two things one can say. The decision carries the digest of what is shown. */
export function DecisionButtons(props: DecisionButtonsProps) {
  const { request, onDecided, onOvertaken } = props;
  const { id, digest } = request;
  const api = useApi(kubernetesAccessApiRef);
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const consequenceId = useId();
  const [isDenying, setDenying] = useState(false);

  const decision = useAction(
    async (decide: () => Promise<AccessRequest>): Promise<void> => {
      try {
        onDecided(await decide());
      } catch (problem) {
        if (!isConflict(toError(problem))) {
          throw problem;
        }
        await onOvertaken(id);
      }
    },
  );
  const approve = () => decision.run(() => api.approveRequest(id, { digest }));
  const deny = (comment: string) =>
    decision.run(() => api.denyRequest(id, { digest, comment }));

  return (
    <div className={classes.root}>
      <Consequence id={consequenceId} request={request} pods={props.pods} />
      {isDenying ? (
        <DenyForm
          requester={request.requester}
          isRunning={decision.isRunning}
          onDeny={deny}
          onCancel={() => setDenying(false)}
        />
      ) : (
        <div className={classes.buttons}>
          <Button
            variant="contained"
            color="primary"
            disabled={decision.isRunning}
            aria-describedby={consequenceId}
            onClick={approve}
          >
            {decision.isRunning
              ? t('approvals.approving')
              : t('approvals.approve')}
          </Button>
          <Button
            variant="outlined"
            disabled={decision.isRunning}
            onClick={() => setDenying(true)}
          >
            {t('approvals.deny')}
          </Button>
        </div>
      )}
      {decision.error && (
        <ErrorNotice
          title={t('approvals.decideFailed')}
          error={decision.error}
        />
      )}
    </div>
  );
}
