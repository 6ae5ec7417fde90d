import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import FullscreenIcon from '@material-ui/icons/Fullscreen';
import FullscreenExitIcon from '@material-ui/icons/FullscreenExit';
import TextDecreaseIcon from '@material-ui/icons/Remove';
import TextIncreaseIcon from '@material-ui/icons/Add';
import SearchIcon from '@material-ui/icons/Search';
import type { ReactNode } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { TerminalState } from '../../terminal';
import { Countdown } from './Countdown';
import { StateDot } from './StateDot';
import type { ShellTarget } from './useTerminal';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(1),
    minHeight: 40,
    padding: theme.spacing(0, 0.5, 0, 1.5),
    borderBottom: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.paper,
  },
  place: { flexGrow: 1, minWidth: 0 },
}));

interface TerminalBarProps {
  target: ShellTarget;
  state: TerminalState;
  isFullScreen: boolean;
  onFontSize(step: 1 | -1): void;
  onSearch(): void;
  onFullScreen(): void;
  onClose(): void;
}

/** The slim line above the text: where one is, how it is, how long it lasts. */
export function TerminalBar(props: TerminalBarProps) {
  const { target, state, isFullScreen } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <div className={classes.bar}>
      <StateDot kind={state.kind} label={stateLabel()} />
      <Typography variant="body2" noWrap className={classes.place}>
        {target.pod} ▸ <strong>{target.container}</strong>
      </Typography>
      {state.kind === 'open' && <Countdown endsAtMs={state.endsAtMs} />}
      <BarButton label={t('terminal.search')} onClick={props.onSearch}>
        <SearchIcon fontSize="small" />
      </BarButton>
      <BarButton
        label={t('terminal.fontSmaller')}
        onClick={() => props.onFontSize(-1)}
      >
        <TextDecreaseIcon fontSize="small" />
      </BarButton>
      <BarButton
        label={t('terminal.fontLarger')}
        onClick={() => props.onFontSize(1)}
      >
        <TextIncreaseIcon fontSize="small" />
      </BarButton>
      <BarButton
        label={t(
          isFullScreen ? 'terminal.fullScreenLeave' : 'terminal.fullScreen',
        )}
        onClick={props.onFullScreen}
      >
        {isFullScreen ? (
          <FullscreenExitIcon fontSize="small" />
        ) : (
          <FullscreenIcon fontSize="small" />
        )}
      </BarButton>
      <BarButton label={t('terminal.end')} onClick={props.onClose}>
        <CloseIcon fontSize="small" />
      </BarButton>
    </div>
  );

  function stateLabel(): string {
    switch (state.kind) {
      case 'connecting':
        return t('terminal.connecting', { pod: target.pod });
      case 'open':
        return t('terminal.open');
      default:
        return t('terminal.ended');
    }
  }
}

function BarButton(props: {
  label: string;
  onClick(): void;
  children: ReactNode;
}) {
  return (
    <Tooltip title={props.label}>
      <IconButton size="small" aria-label={props.label} onClick={props.onClick}>
        {props.children}
      </IconButton>
    </Tooltip>
  );
}
