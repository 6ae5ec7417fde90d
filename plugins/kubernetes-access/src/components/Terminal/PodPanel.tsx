import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequest,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import MenuItem from '@material-ui/core/MenuItem';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useId } from 'react';
import type { Live } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, Loading } from '../ui';
import { ContainerRow } from './ContainerRow';
import type { OpenTerminals, ShellTarget } from './openTerminals';

const useStyles = makeStyles(theme => ({
  panel: {
    width: 264,
    flexShrink: 0,
    overflowY: 'auto',
    padding: theme.spacing(1, 0),
    borderRight: `1px solid ${theme.palette.divider}`,
    [theme.breakpoints.down('xs')]: {
      width: '100%',
      maxHeight: '40%',
      borderRight: 0,
      borderBottom: `1px solid ${theme.palette.divider}`,
    },
  },
  inset: { padding: theme.spacing(1, 2) },
  pod: {
    padding: theme.spacing(1, 2, 0.5),
    color: theme.palette.text.secondary,
    overflowWrap: 'anywhere',
  },
  containers: { listStyle: 'none', margin: 0, padding: 0 },
}));

interface PodPanelProps {
  /** The one whose pods are listed; none when the access is over. */
  request: AccessRequest | undefined;
  /** All of the caller's under which a session can be opened. */
  requests: AccessRequest[];
  onRequest(id: string): void;
  pods: Live<PodSummary[]>;
  onRetry(): void;
  open: OpenTerminals;
  onOpen(target: ShellTarget): void;
  onOpenAnother(target: ShellTarget): void;
}

/** The pods that can be entered now, with their containers. */
export function PodPanel(props: PodPanelProps) {
  const { pods, request, requests } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  if (!request) {
    // The panel stays where it was, so that the text beside it does not move under the eyes that read it.
    return (
      <nav className={classes.panel} aria-label={t('terminal.pods')}>
        <Typography
          variant="body2"
          color="textSecondary"
          className={classes.inset}
        >
          {t('terminal.podsOver')}
        </Typography>
      </nav>
    );
  }
  return (
    <nav
      className={classes.panel}
      aria-label={t('terminal.pods')}
      aria-busy={pods.status === 'loading'}
    >
      {requests.length > 1 && (
        <div className={classes.inset}>
          <TextField
            select
            fullWidth
            size="small"
            variant="outlined"
            label={t('terminal.chooseRequest')}
            value={request.id}
            onChange={event => props.onRequest(event.target.value)}
          >
            {requests.map(({ id, cluster, targets }) => (
              <MenuItem key={id} value={id}>
                {cluster.title} ▸{' '}
                {targets.map(({ namespace }) => namespace).join(', ')}
              </MenuItem>
            ))}
          </TextField>
        </div>
      )}
      {pods.status === 'loading' && (
        <div className={classes.inset}>
          <Loading />
        </div>
      )}
      {pods.status === 'failed' && (
        <ErrorNotice
          title={t('terminal.podsFailed')}
          error={pods.error}
          onRetry={props.onRetry}
        />
      )}
      {pods.status === 'ready' && pods.value.length === 0 && (
        <Typography variant="body2" className={classes.inset}>
          {t('terminal.podsNone')}
        </Typography>
      )}
      {pods.status === 'ready' &&
        pods.value.map(pod => (
          <Pod key={pod.uid} {...props} request={request} pod={pod} />
        ))}
    </nav>
  );
}

interface PodProps extends PodPanelProps {
  request: AccessRequest;
  pod: PodSummary;
}

function Pod(props: PodProps) {
  const { pod, request } = props;
  const classes = useStyles();
  const nameId = useId();
  return (
    <section>
      <Typography
        id={nameId}
        variant="body2"
        component="h3"
        className={classes.pod}
      >
        {pod.name}
      </Typography>
      <ul className={classes.containers} aria-labelledby={nameId}>
        {pod.containers.map(container => (
          <ContainerRow
            key={container.name}
            target={{
              requestId: request.id,
              namespace: pod.namespace,
              pod: pod.name,
              container: container.name,
            }}
            state={pod.phase === 'Terminating' ? pod.phase : container.state}
            open={props.open}
            onOpen={props.onOpen}
            onOpenAnother={props.onOpenAnother}
          />
        ))}
      </ul>
    </section>
  );
}
