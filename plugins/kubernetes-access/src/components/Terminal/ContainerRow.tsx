import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import ButtonBase from '@material-ui/core/ButtonBase';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import AddIcon from '@material-ui/icons/Add';
import { useId } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { BarButton } from './BarButton';
import type { OpenTerminals, ShellTarget } from './openTerminals';
import { activeTerminal, liveTerminalsOf } from './openTerminals';
import { StateDot } from './StateDot';

const useStyles = makeStyles(theme => ({
  row: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 36,
    paddingRight: theme.spacing(1),
  },
  shown: { backgroundColor: theme.palette.action.selected },
  button: {
    flexGrow: 1,
    minWidth: 0,
    minHeight: 36,
    justifyContent: 'flex-start',
    padding: theme.spacing(0.5, 1, 0.5, 3),
    fontSize: theme.typography.body1.fontSize,
    fontFamily: theme.typography.fontFamily,
    textAlign: 'left',
    overflowWrap: 'anywhere',
    '&:hover': { backgroundColor: theme.palette.action.hover },
    '&:focus-visible': { backgroundColor: theme.palette.action.focus },
    '&:disabled': { color: theme.palette.text.secondary },
  },
}));

interface ContainerRowProps {
  target: ShellTarget;
  /** In the cluster's words; a shell can only be opened in one that is running. */
  state: string;
  open: OpenTerminals;
  onOpen(target: ShellTarget): void;
  onOpenAnother(target: ShellTarget): void;
}

/** One container: opens a shell in it, or goes to the one that is open there. */
export function ContainerRow(props: ContainerRowProps) {
  const { target, state, open } = props;
  const { pod, container } = target;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const stateId = useId();
  const live = liveTerminalsOf(open, target);
  const active = activeTerminal(open);
  const isShown = live.some(terminal => terminal === active);
  const isOpening = live.some(({ state: { kind } }) => kind === 'connecting');
  const isRunning = state === 'running';
  return (
    <li className={`${classes.row} ${isShown ? classes.shown : ''}`}>
      <ButtonBase
        className={classes.button}
        disabled={!isRunning && live.length === 0}
        aria-busy={isOpening}
        aria-current={isShown || undefined}
        aria-label={t(
          live.length > 0
            ? 'terminal.showContainer'
            : 'terminal.chooseContainer',
          { container, pod },
        )}
        aria-describedby={isRunning ? undefined : stateId}
        onClick={() => props.onOpen(target)}
      >
        {container}
      </ButtonBase>
      {!isRunning && (
        <Typography id={stateId} variant="caption" color="textSecondary">
          {state}
        </Typography>
      )}
      {live.length > 0 && (
        <StateDot
          kind={isOpening ? 'connecting' : 'open'}
          label={t(isOpening ? 'terminal.connecting' : 'terminal.open', {
            pod,
          })}
        />
      )}
      {live.length > 0 && isRunning && (
        <BarButton
          label={t('terminal.openAnother', { container, pod })}
          onClick={() => !isOpening && props.onOpenAnother(target)}
        >
          <AddIcon fontSize="small" />
        </BarButton>
      )}
    </li>
  );
}
