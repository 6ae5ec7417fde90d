import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Paper from '@material-ui/core/Paper';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import { useId, useReducer, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Blank } from '../ui';
import { EndDialog } from './EndDialog';
import type { OpenTerminal, ShellTarget } from './openTerminals';
import {
  NO_TERMINALS,
  activeTerminal,
  afterTerminalsEvent,
} from './openTerminals';
import { PodPanel } from './PodPanel';
import type { Shortcut } from './shortcuts';
import { TerminalBar } from './TerminalBar';
import { TerminalTabs, tabIds } from './TerminalTabs';
import { TerminalView } from './TerminalView';
import { useFullScreen } from './useFullScreen';
import { useKeepPage } from './useKeepPage';
import { useOpenOnlyContainer } from './useOpenOnlyContainer';
import { usePods } from './usePods';
import { useRestOfWindow } from './useRestOfWindow';
import { useTerminalSettings } from './useTerminalSettings';

const useStyles = makeStyles((theme: Theme) => ({
  root: { display: 'flex', flexDirection: 'column', overflow: 'hidden' },
  fullScreen: {
    position: 'fixed',
    top: 0,
    right: 0,
    bottom: 0,
    left: 0,
    // Below dialogs and menus, above everything else.
    zIndex: theme.zIndex.modal - 1,
    borderRadius: 0,
  },
  body: {
    display: 'flex',
    flexGrow: 1,
    minHeight: 0,
    [theme.breakpoints.down('xs')]: { flexDirection: 'column' },
  },
  stack: { position: 'relative', flexGrow: 1, minWidth: 0, minHeight: 0 },
  empty: {
    display: 'flex',
    height: '100%',
    alignItems: 'center',
    justifyContent: 'center',
    padding: theme.spacing(4),
  },
}));

/** What the tab needs to know. */
export interface TerminalTabProps {
  /** The caller's requests under which a session can be opened. */
  requests: AccessRequest[];
  /** Has the requests looked at again. */
  refresh(): void;
}

/** Pods at the left, the shells at the right. */
export function TerminalTab({ requests, refresh }: TerminalTabProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const idPrefix = useId();
  const [requestId, setRequestId] = useState<string>();
  const request = requests.find(({ id }) => id === requestId) ?? requests[0];
  const pods = usePods(request);
  const { settings, change } = useTerminalSettings();
  const [open, dispatch] = useReducer(afterTerminalsEvent, NO_TERMINALS);
  const [isFolded, setFolded] = useState(false);
  const [isSearching, setSearching] = useState(false);
  const [ending, setEnding] = useState<OpenTerminal>();
  const [wasClosed, setWasClosed] = useState(false);
  const { isFullScreen, toggleFullScreen } = useFullScreen();
  const [root, setRoot] = useState<HTMLElement | null>(null);
  const height = useRestOfWindow(root);
  const isNarrow = useMediaQuery<Theme>(theme => theme.breakpoints.down('xs'));
  const active = activeTerminal(open);
  useKeepPage(open.terminals.some(({ state }) => state.kind === 'open'));
  useOpenOnlyContainer(
    request?.id,
    pods.status === 'ready' ? pods.value : undefined,
    open.terminals.length === 0 && !wasClosed,
    openTarget,
  );

  if (!request && open.terminals.length === 0) {
    return <Blank title={t('terminal.nothingToOpen')} />;
  }
  return (
    <Paper
      ref={setRoot}
      variant="outlined"
      className={`${classes.root} ${isFullScreen ? classes.fullScreen : ''}`}
      style={isFullScreen ? undefined : { height }}
    >
      <TerminalBar
        terminal={active}
        settings={settings}
        onSettings={change}
        isFolded={isFolded}
        onFold={() => setFolded(!isFolded)}
        isFullScreen={isFullScreen}
        onFullScreen={toggleFullScreen}
        isSearching={isSearching}
        onSearch={() => setSearching(!isSearching)}
        onEnd={() => active && end(active)}
      >
        <TerminalTabs
          terminals={open.terminals}
          activeKey={open.activeKey}
          idPrefix={idPrefix}
          onShow={(key, withKeyboard) =>
            dispatch({ type: 'show', key, withKeyboard })
          }
          onEnd={() => active && end(active)}
        />
      </TerminalBar>
      <div className={classes.body}>
        {!isFolded && (
          <PodPanel
            request={request}
            requests={requests}
            onRequest={setRequestId}
            pods={pods}
            onRetry={pods.refresh}
            open={open}
            onOpen={openTarget}
            onOpenAnother={target => {
              dispatch({ type: 'openAnother', target });
              setFolded(isNarrow);
            }}
          />
        )}
        <div className={classes.stack}>
          {open.terminals.length === 0 && (
            <div className={classes.empty}>
              <Typography color="textSecondary">
                {t('terminal.nothingChosen')}
              </Typography>
            </div>
          )}
          {open.terminals.map(terminal => (
            <TerminalView
              key={terminal.key}
              terminal={terminal}
              settings={settings}
              isActive={terminal === active}
              focusRound={open.focusRound}
              isSearching={isSearching}
              isUsable={requests.some(
                ({ id }) => id === terminal.target.requestId,
              )}
              {...tabIds(idPrefix, terminal.key)}
              onState={state => {
                dispatch({ type: 'changed', key: terminal.key, state });
                if (state.kind === 'ended') {
                  refresh();
                }
              }}
              onShortcut={onShortcut}
              onSearchClose={() => {
                setSearching(false);
                giveKeyboardBack();
              }}
              onOpenAgain={() =>
                dispatch({ type: 'openAgain', key: terminal.key })
              }
            />
          ))}
        </div>
      </div>
      {ending && (
        <EndDialog
          terminal={ending}
          onCancel={() => setEnding(undefined)}
          onEnd={() => {
            setEnding(undefined);
            close(ending);
          }}
        />
      )}
    </Paper>
  );

  function openTarget(target: ShellTarget) {
    dispatch({ type: 'open', target });
    // On a phone there is room for the pods or for the shell.
    setFolded(wasFolded => wasFolded || isNarrow);
  }

  function end(terminal: OpenTerminal) {
    if (terminal.state.kind === 'open') {
      setEnding(terminal);
    } else {
      close(terminal);
    }
  }

  function close({ key }: OpenTerminal) {
    setWasClosed(true);
    dispatch({ type: 'close', key });
    if (open.terminals.length === 1) {
      setFolded(false);
    }
  }

  function giveKeyboardBack() {
    if (active) {
      dispatch({ type: 'show', key: active.key, withKeyboard: true });
    }
  }

  function onShortcut(shortcut: Shortcut) {
    if (shortcut === 'search') {
      setSearching(true);
    }
    if (shortcut === 'leave' && active) {
      document.getElementById(tabIds(idPrefix, active.key).tabId)?.focus();
    }
  }
}
