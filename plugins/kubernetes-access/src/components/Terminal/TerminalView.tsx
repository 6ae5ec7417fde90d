import '@xterm/xterm/css/xterm.css';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useEffect, useId, useLayoutEffect, useState } from 'react';
import type { TerminalState } from '../../terminal';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { Found } from './createScreen';
import type { OpenTerminal } from './openTerminals';
import { SearchBox } from './SearchBox';
import type { Shortcut } from './shortcuts';
import { TerminalNote } from './TerminalNote';
import type { TerminalSettings } from './terminalSettings';
import type { TouchKey } from './keySequences';
import { sequenceOf, withControl } from './keySequences';
import { TouchKeys } from './TouchKeys';
import { useTerminal } from './useTerminal';
import { terminalLook } from './xtermTheme';

const useStyles = makeStyles(theme => ({
  // Those that are not shown keep their size, so that going from one to another moves nothing.
  root: {
    position: 'absolute',
    top: 0,
    right: 0,
    bottom: 0,
    left: 0,
    display: 'flex',
    flexDirection: 'column',
  },
  behind: { visibility: 'hidden' },
  frame: { position: 'relative', flexGrow: 1, minHeight: 0 },
  screen: {
    position: 'absolute',
    top: 0,
    right: 0,
    bottom: 0,
    left: 0,
    padding: theme.spacing(1, 0, 0, 1),
    overflow: 'hidden',
    '& .xterm': { height: '100%' },
    // Black otherwise, which shows where the last row ends above the edge.
    '& .xterm .xterm-viewport': { backgroundColor: 'transparent' },
  },
  greyed: { filter: 'grayscale(1)', opacity: 0.75 },
}));

interface TerminalViewProps {
  terminal: OpenTerminal;
  settings: TerminalSettings;
  isActive: boolean;
  /** Another round gives the keyboard to the shell, if it is the one that is shown. */
  focusRound: number;
  isSearching: boolean;
  isUsable: boolean;
  panelId: string;
  tabId: string;
  onState(state: TerminalState): void;
  onShortcut(shortcut: Shortcut): void;
  onSearchClose(): void;
  onOpenAgain(): void;
}

/** One terminal: its text, and one line under it. */
export function TerminalView(props: TerminalViewProps) {
  const { terminal, settings, isActive, focusRound, isSearching } = props;
  const { target, state } = terminal;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const hintId = useId();
  const look = terminalLook(
    settings.colours,
    useTheme().palette.type === 'dark',
  );
  const [found, setFound] = useState<Found>({ index: -1, count: 0 });
  const [isControlHeld, setControlHeld] = useState(false);
  const { ref, screen } = useTerminal({
    target,
    round: terminal.round,
    style: {
      look,
      fontSize: settings.fontSize,
      screenReader: settings.screenReader,
    },
    onInput: text => {
      setControlHeld(false);
      return isControlHeld ? withControl(text) : text;
    },
    onState: props.onState,
    onFound: setFound,
    onShortcut: props.onShortcut,
  });
  const hasTouchKeys = useHasTouchKeys();

  useLayoutEffect(() => {
    if (isActive) {
      screen?.terminal.focus();
    }
    // Only another round, not everything that makes it the active one, moves the keyboard.
    // eslint-disable-next-line react-hooks/exhaustive-deps
  }, [screen, focusRound]);

  useEffect(() => {
    if (!isSearching) {
      screen?.endSearch();
    }
  }, [screen, isSearching]);

  return (
    <div
      id={props.panelId}
      role="tabpanel"
      aria-labelledby={props.tabId}
      className={`${classes.root} ${isActive ? '' : classes.behind}`}
      style={{ backgroundColor: look.theme.background }}
    >
      <div className={classes.frame}>
        <div
          ref={ref}
          role="region"
          aria-label={t('terminal.screen', {
            pod: target.pod,
            container: target.container,
          })}
          aria-describedby={hintId}
          className={`${classes.screen} ${
            state.kind === 'ended' ? classes.greyed : ''
          }`}
        />
        {isSearching && isActive && screen && (
          <SearchBox
            find={screen.find}
            found={found}
            onClose={props.onSearchClose}
          />
        )}
      </div>
      {hasTouchKeys && state.kind !== 'ended' && (
        <TouchKeys
          isControlHeld={isControlHeld}
          onControl={() => setControlHeld(!isControlHeld)}
          onPress={press}
        />
      )}
      <TerminalNote
        state={state}
        pod={target.pod}
        isUsable={props.isUsable}
        hintId={hintId}
        onOpenAgain={props.onOpenAgain}
      />
    </div>
  );

  function press(key: TouchKey) {
    const { modes } = screen!.terminal;
    screen?.terminal.input(sequenceOf(key, modes.applicationCursorKeysMode));
  }
}

/** Phones and tablets, and windows that are as narrow. */
function useHasTouchKeys(): boolean {
  const isNarrow = useMediaQuery<Theme>(theme => theme.breakpoints.down('xs'));
  const isTouched = useMediaQuery('(pointer: coarse)');
  return isNarrow || isTouched;
}
