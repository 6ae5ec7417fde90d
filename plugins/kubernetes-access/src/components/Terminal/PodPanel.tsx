import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { PodSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import List from '@material-ui/core/List';
import ListItem from '@material-ui/core/ListItem';
import ListItemText from '@material-ui/core/ListItemText';
import ListSubheader from '@material-ui/core/ListSubheader';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import type { Live } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, Loading } from '../ui';
import type { ShellTarget } from './useTerminal';

const useStyles = makeStyles(theme => ({
  panel: {
    width: 280,
    flexShrink: 0,
    overflowY: 'auto',
    borderRight: `1px solid ${theme.palette.divider}`,
    [theme.breakpoints.down('xs')]: {
      width: '100%',
      maxHeight: 200,
      borderRight: 0,
      borderBottom: `1px solid ${theme.palette.divider}`,
    },
  },
  pod: {
    backgroundColor: theme.palette.background.paper,
    lineHeight: 1.5,
    paddingTop: theme.spacing(1),
    overflowWrap: 'anywhere',
  },
  empty: { padding: theme.spacing(2) },
}));

interface PodPanelProps {
  requestId: string;
  pods: Live<PodSummary[]>;
  chosen: ShellTarget | undefined;
  onChoose(target: ShellTarget): void;
  onRetry(): void;
}

/** The pods that can be entered now, with their containers. */
export function PodPanel(props: PodPanelProps) {
  const { pods, requestId, chosen } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  if (pods.status === 'loading') {
    return (
      <nav className={classes.panel} aria-label={t('terminal.pods')} aria-busy>
        <Loading />
      </nav>
    );
  }
  if (pods.status === 'failed') {
    return (
      <nav className={classes.panel} aria-label={t('terminal.pods')}>
        <ErrorNotice
          title={t('terminal.podsFailed')}
          error={pods.error}
          onRetry={props.onRetry}
        />
      </nav>
    );
  }
  return (
    <nav className={classes.panel} aria-label={t('terminal.pods')}>
      {pods.value.length === 0 && (
        <Typography variant="body2" className={classes.empty}>
          {t('terminal.podsNone')}
        </Typography>
      )}
      {pods.value.map(pod => (
        <List
          key={pod.uid}
          component="div"
          role="group"
          aria-label={pod.name}
          dense
          disablePadding
          subheader={
            <ListSubheader component="div" className={classes.pod}>
              {pod.name}
            </ListSubheader>
          }
        >
          {pod.containers.map(container => {
            const target: ShellTarget = {
              requestId,
              namespace: pod.namespace,
              pod: pod.name,
              container: container.name,
            };
            return (
              <ListItem
                key={container.name}
                button
                disabled={
                  pod.phase === 'Terminating' || container.state !== 'running'
                }
                selected={isSame(chosen, target)}
                aria-current={isSame(chosen, target) || undefined}
                aria-label={t('terminal.chooseContainer', {
                  container: container.name,
                  pod: pod.name,
                })}
                onClick={() => props.onChoose(target)}
              >
                <ListItemText
                  primary={container.name}
                  secondary={
                    pod.phase === 'Terminating' ? pod.phase : container.state
                  }
                />
              </ListItem>
            );
          })}
        </List>
      ))}
    </nav>
  );
}

function isSame(a: ShellTarget | undefined, b: ShellTarget): boolean {
  return (
    a?.requestId === b.requestId &&
    a.namespace === b.namespace &&
    a.pod === b.pod &&
    a.container === b.container
  );
}
