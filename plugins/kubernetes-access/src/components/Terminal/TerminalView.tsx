import '@xterm/xterm/css/xterm.css';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import { makeStyles } from '@material-ui/core/styles';
import { useEffect, useRef, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { TerminalState } from '../../terminal';
import { describeEnd, mayOpenAgain } from './describeEnd';
import { SearchBox } from './SearchBox';
import { TerminalBar } from './TerminalBar';
import type { ShellTarget } from './useTerminal';
import { useTerminal } from './useTerminal';

const FONT_SIZES = { min: 9, default: 14, max: 28 };
const FONT_SIZE_KEY = 'kubernetes-access.terminal.font-size';

const useStyles = makeStyles(theme => ({
  root: {
    display: 'flex',
    flexDirection: 'column',
    flexGrow: 1,
    minWidth: 0,
    minHeight: 0,
    backgroundColor: theme.palette.type === 'dark' ? '#101418' : '#1b2027',
  },
  screen: {
    flexGrow: 1,
    minHeight: 0,
    padding: theme.spacing(1, 0, 0, 1),
    overflow: 'hidden',
    '& .xterm': { height: '100%' },
  },
  greyed: { opacity: 0.55 },
  note: {
    display: 'flex',
    alignItems: 'center',
    gap: theme.spacing(2),
    minHeight: 44,
    padding: theme.spacing(0.5, 2),
    borderTop: `1px solid ${theme.palette.divider}`,
    backgroundColor: theme.palette.background.paper,
    '& button': { flexShrink: 0 },
  },
}));

interface TerminalViewProps {
  target: ShellTarget;
  onClose(): void;
  onOpenAgain(): void;
  /** Called when the terminal has ended, so that whoever shows the access can look again. */
  onEnded(): void;
}

/** One terminal: its bar, its text, and one line when it has ended. */
export function TerminalView(props: TerminalViewProps) {
  const { target, onEnded } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const rootRef = useRef<HTMLDivElement>(null);
  const { isFullScreen, toggleFullScreen } = useFullScreen(rootRef);
  const [fontSize, changeFontSize] = useFontSize();
  const { ref, state, find } = useTerminal(target, fontSize);
  const [isSearching, setSearching] = useState(false);
  const hasEnded = state.kind === 'ended';

  useEffect(() => {
    if (hasEnded) {
      onEnded();
    }
  }, [hasEnded, onEnded]);

  return (
    <div ref={rootRef} className={classes.root}>
      <TerminalBar
        target={target}
        state={state}
        isFullScreen={isFullScreen}
        onFontSize={changeFontSize}
        onSearch={() => setSearching(!isSearching)}
        onFullScreen={toggleFullScreen}
        onClose={props.onClose}
      />
      {isSearching && (
        <SearchBox find={find} onClose={() => setSearching(false)} />
      )}
      <div
        ref={ref}
        role="region"
        aria-label={t('terminal.screen', {
          pod: target.pod,
          container: target.container,
        })}
        className={`${classes.screen} ${hasEnded ? classes.greyed : ''}`}
      />
      <div className={classes.note} role="status" aria-live="polite">
        <TerminalNote state={state} pod={target.pod} />
        {hasEnded && mayOpenAgain(state) && (
          <Button size="small" color="primary" onClick={props.onOpenAgain}>
            {t('terminal.openAgain')}
          </Button>
        )}
      </div>
    </div>
  );
}

/** The line under the text: always there, so that nothing jumps when it has something to say. */
function TerminalNote({ state, pod }: { state: TerminalState; pod: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
    <Typography
      variant="body2"
      color={state.kind === 'ended' ? 'textPrimary' : 'textSecondary'}
    >
      {words()}
    </Typography>
  );

  function words(): string {
    if (state.kind === 'connecting') {
      return t('terminal.connecting', { pod });
    }
    if (state.kind === 'open') {
      return state.isRecorded ? t('terminal.recorded') : t('terminal.open');
    }
    const end = describeEnd(state);
    if ('message' in end) {
      return end.message;
    }
    return end.key === 'endExitCode'
      ? t('terminal.endExitCode', { code: String(end.code) })
      : t(`terminal.${end.key}` as 'terminal.endNormal');
  }
}

function useFullScreen(element: React.RefObject<HTMLElement>) {
  const [isFullScreen, setFullScreen] = useState(false);
  useEffect(() => {
    const update = () =>
      setFullScreen(
        Boolean(document.fullscreenElement) &&
          document.fullscreenElement === element.current,
      );
    document.addEventListener('fullscreenchange', update);
    return () => document.removeEventListener('fullscreenchange', update);
  }, [element]);
  const toggleFullScreen = () => {
    const change = isFullScreen
      ? document.exitFullscreen()
      : element.current?.requestFullscreen();
    // A browser may refuse, e.g. in a frame; the page is as good without.
    change?.catch(() => undefined);
  };
  return { isFullScreen, toggleFullScreen };
}

function useFontSize(): [number, (step: 1 | -1) => void] {
  const [size, setSize] = useState(() => {
    const stored = Number(window.localStorage.getItem(FONT_SIZE_KEY));
    return clampFontSize(stored || FONT_SIZES.default);
  });
  const change = (step: 1 | -1) => {
    const next = clampFontSize(size + step);
    window.localStorage.setItem(FONT_SIZE_KEY, String(next));
    setSize(next);
  };
  return [size, change];
}

function clampFontSize(size: number): number {
  return Math.min(FONT_SIZES.max, Math.max(FONT_SIZES.min, Math.round(size)));
}
