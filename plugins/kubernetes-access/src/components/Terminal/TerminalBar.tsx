import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { makeStyles } from '@material-ui/core/styles';
import CloseIcon from '@material-ui/icons/Close';
import FullscreenIcon from '@material-ui/icons/Fullscreen';
import FullscreenExitIcon from '@material-ui/icons/FullscreenExit';
import MenuOpenIcon from '@material-ui/icons/MenuOpen';
import MenuIcon from '@material-ui/icons/Menu';
import SearchIcon from '@material-ui/icons/Search';
import SettingsIcon from '@material-ui/icons/Tune';
import type { ReactNode } from 'react';
import { useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { BarButton } from './BarButton';
import { Countdown } from './Countdown';
import type { OpenTerminal } from './openTerminals';
import { RecordedMark } from './RecordedMark';
import { SettingsPopover } from './SettingsPopover';
import type { TerminalSettings } from './terminalSettings';

const useStyles = makeStyles(theme => ({
  bar: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(0.5),
    height: 40,
    flexShrink: 0,
    padding: theme.spacing(0, 0.5),
    borderBottom: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.paper,
  },
  tabs: { flexGrow: 1, minWidth: 0, height: '100%' },
}));

interface TerminalBarProps {
  /** The one that is shown. */
  terminal: OpenTerminal | undefined;
  /** The tabs of the open terminals. */
  children: ReactNode;
  settings: TerminalSettings;
  onSettings(changed: Partial<TerminalSettings>): void;
  /** Whether the pods are folded away. */
  isFolded: boolean;
  onFold(): void;
  isFullScreen: boolean;
  onFullScreen(): void;
  isSearching: boolean;
  onSearch(): void;
  onEnd(): void;
}

/** The slim line above the text: where one is, how it is, how long it lasts. */
export function TerminalBar(props: TerminalBarProps) {
  const { terminal, isFolded, isFullScreen } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [settingsAnchor, setSettingsAnchor] = useState<HTMLElement | null>(
    null,
  );
  const state = terminal?.state;
  return (
    <div className={classes.bar}>
      <BarButton
        label={t(isFolded ? 'terminal.podsShow' : 'terminal.podsHide')}
        isExpanded={!isFolded}
        onClick={props.onFold}
      >
        {isFolded ? (
          <MenuIcon fontSize="small" />
        ) : (
          <MenuOpenIcon fontSize="small" />
        )}
      </BarButton>
      <div className={classes.tabs}>{props.children}</div>
      {state?.kind === 'open' && state.isRecorded && <RecordedMark />}
      {state?.kind === 'open' && <Countdown endsAtMs={state.endsAtMs} />}
      {terminal && (
        <BarButton
          label={t('terminal.search')}
          isExpanded={props.isSearching}
          onClick={props.onSearch}
        >
          <SearchIcon fontSize="small" />
        </BarButton>
      )}
      <BarButton
        label={t('terminal.settings')}
        isExpanded={Boolean(settingsAnchor)}
        onClick={event => setSettingsAnchor(event.currentTarget)}
      >
        <SettingsIcon fontSize="small" />
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
      {terminal && (
        <BarButton
          label={t(
            state?.kind === 'ended' ? 'terminal.close' : 'terminal.endShell',
          )}
          onClick={props.onEnd}
        >
          <CloseIcon fontSize="small" />
        </BarButton>
      )}
      <SettingsPopover
        anchor={settingsAnchor}
        settings={props.settings}
        onChange={props.onSettings}
        onClose={() => setSettingsAnchor(null)}
      />
    </div>
  );
}
