import { Link, LinkButton } from '@backstage/core-components';
import { useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityDisplayName } from '@backstage/plugin-catalog-react';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import ArrowBackIcon from '@material-ui/icons/ArrowBack';
import { rootRouteRef, terminalRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { DecisionButtons } from '../ApprovalQueue';
import { CancelAction, RevokeAction } from '../RequestActions';
import { PhaseLabel } from '../ui';
import { CopyLink } from './CopyLink';

const useStyles = makeStyles((theme: Theme) => ({
  root: { marginBottom: theme.spacing(3) },
  back: {
    display: 'inline-flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    marginBottom: theme.spacing(1),
  },
  line: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
  },
  state: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
  title: { margin: 0, overflowWrap: 'anywhere' },
  decision: { marginTop: theme.spacing(2) },
  actions: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1.5),
    marginTop: theme.spacing(2),
    '&:empty': { display: 'none' },
  },
}));

interface RequestHeaderProps {
  request: AccessRequestDetail;
  /** How many pods it would reach now, where that is known. */
  pods: number | undefined;
  onChanged(): Promise<void>;
}

/** Whose request for what, where it stands, and what the reader may do with it. */
export function RequestHeader({
  request,
  pods,
  onChanged,
}: RequestHeaderProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const rootLink = useRouteRef(rootRouteRef);
  const terminalLink = useRouteRef(terminalRouteRef);
  return (
    <header className={classes.root}>
      <Typography variant="body2" component="div">
        <Link to={rootLink()} className={classes.back}>
          <ArrowBackIcon fontSize="small" />
          {t('requestPage.back')}
        </Link>
      </Typography>
      <div className={classes.line}>
        <Typography variant="h4" component="h2" className={classes.title}>
          {t('requestPage.title', {
            requester: (
              <EntityDisplayName entityRef={request.requester} hideIcon />
            ),
            entity: (
              <EntityDisplayName entityRef={request.entityRef} hideIcon />
            ),
          })}
        </Typography>
        <div className={classes.state}>
          <span role="status">
            <PhaseLabel phase={request.phase} />
          </span>
          <CopyLink />
        </div>
      </div>
      <div className={classes.actions}>
        {request.actions.openSession && (
          <LinkButton
            variant="contained"
            color="primary"
            to={terminalLink({ id: request.id })}
          >
            {t('requestPage.openTerminal')}
          </LinkButton>
        )}

        <CancelAction request={request} onChanged={onChanged} />
        <RevokeAction request={request} onChanged={onChanged} />
      </div>
      {request.actions.decide && (
        <div className={classes.decision}>
          <DecisionButtons
            request={request}
            pods={pods}
            onDecided={onChanged}
            onOvertaken={onChanged}
          />
        </div>
      )}
    </header>
  );
}
