import { EmptyState } from '@backstage/core-components';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequest,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import IconButton from '@material-ui/core/IconButton';
import MenuItem from '@material-ui/core/MenuItem';
import Paper from '@material-ui/core/Paper';
import TextField from '@material-ui/core/TextField';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import ChevronLeftIcon from '@material-ui/icons/ChevronLeft';
import ChevronRightIcon from '@material-ui/icons/ChevronRight';
import { useCallback, useEffect, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { PodPanel } from './PodPanel';
import { TerminalView } from './TerminalView';
import { usePods } from './usePods';
import { useRestOfWindow } from './useRestOfWindow';
import type { ShellTarget } from './useTerminal';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    overflow: 'hidden',
    [theme.breakpoints.down('xs')]: { flexDirection: 'column' },
  },
  fold: {
    display: 'flex',
    alignItems: 'flex-start',
    padding: theme.spacing(0.5),
    borderRight: `1px solid ${theme.palette.divider}`,
    [theme.breakpoints.down('xs')]: { borderRight: 0 },
  },
  empty: {
    flexGrow: 1,
    display: 'flex',
    alignItems: 'center',
    justifyContent: 'center',
    padding: theme.spacing(4),
  },
  requests: { marginBottom: theme.spacing(2), minWidth: 240 },
}));

/** What the tab needs to know. */
export interface TerminalTabProps {
  /** The caller's requests under which a session can be opened. */
  requests: AccessRequest[];
  /** Has the requests looked at again. */
  refresh(): void;
}

/** Pods at the left, the shell at the right. */
export function TerminalTab({ requests, refresh }: TerminalTabProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [requestId, setRequestId] = useState<string>();
  const request = requests.find(({ id }) => id === requestId) ?? requests[0];
  const pods = usePods(request?.id);
  const [isFolded, setFolded] = useState(false);
  const [opened, setOpened] = useState<{
    target: ShellTarget;
    round: number;
  }>();
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const height = useRestOfWindow(root);
  const isNarrow = useMediaQuery<Theme>(theme => theme.breakpoints.down('xs'));
  const open = useCallback(
    (target: ShellTarget) => {
      setOpened(previous => ({ target, round: (previous?.round ?? 0) + 1 }));
      // On a phone there is room for the pods or for the shell.
      setFolded(wasFolded => wasFolded || isNarrow);
    },
    [isNarrow],
  );
  const [wasClosed, setWasClosed] = useState(false);
  useOpenOnlyContainer(
    request?.id,
    pods.status === 'ready' ? pods.value : undefined,
    !opened && !wasClosed,
    open,
  );

  if (!request && !opened) {
    return <EmptyState missing="content" title={t('terminal.nothingToOpen')} />;
  }
  return (
    <>
      {requests.length > 1 && (
        <TextField
          select
          size="small"
          variant="outlined"
          className={classes.requests}
          label={t('terminal.chooseRequest')}
          value={request?.id ?? ''}
          onChange={event => setRequestId(event.target.value)}
        >
          {requests.map(({ id, cluster, targets }) => (
            <MenuItem key={id} value={id}>
              {cluster.title} ▸{' '}
              {targets.map(({ namespace }) => namespace).join(', ')}
            </MenuItem>
          ))}
        </TextField>
      )}
      <Paper
        ref={setRoot}
        variant="outlined"
        className={classes.root}
        style={{ height }}
      >
        {request && (
          <div className={classes.fold}>
            <FoldButton
              isFolded={isFolded}
              onClick={() => setFolded(!isFolded)}
            />
          </div>
        )}
        {!isFolded && request && (
          <PodPanel
            requestId={request.id}
            pods={pods}
            chosen={opened?.target}
            onChoose={open}
            onRetry={pods.refresh}
          />
        )}
        {opened ? (
          <TerminalView
            key={opened.round}
            target={opened.target}
            onClose={() => {
              setWasClosed(true);
              setOpened(undefined);
            }}
            onOpenAgain={() => open(opened.target)}
            onEnded={refresh}
          />
        ) : (
          <div className={classes.empty}>
            <Typography color="textSecondary">
              {t('terminal.nothingChosen')}
            </Typography>
          </div>
        )}
      </Paper>
    </>
  );
}

function FoldButton(props: { isFolded: boolean; onClick(): void }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const label = t(props.isFolded ? 'terminal.podsShow' : 'terminal.podsHide');
  return (
    <Tooltip title={label}>
      <IconButton
        size="small"
        aria-label={label}
        aria-expanded={!props.isFolded}
        onClick={props.onClick}
      >
        {props.isFolded ? <ChevronRightIcon /> : <ChevronLeftIcon />}
      </IconButton>
    </Tooltip>
  );
}

/** Where there is nothing to choose, nobody has to choose: the first running container opens by itself. */
function useOpenOnlyContainer(
  requestId: string | undefined,
  pods: PodSummary[] | undefined,
  isWanted: boolean,
  open: (target: ShellTarget) => void,
): void {
  useEffect(() => {
    const running = (pods ?? []).flatMap(pod =>
      pod.containers
        .filter(({ state }) => state === 'running')
        .map(container => ({
          namespace: pod.namespace,
          pod: pod.name,
          container: container.name,
        })),
    );
    if (isWanted && requestId && running.length === 1) {
      open({ requestId, ...running[0] });
    }
  }, [requestId, pods, isWanted, open]);
}
