import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles, useTheme } from '@material-ui/core/styles';
import Typography from '@material-ui/core/Typography';
import PlayIcon from '@material-ui/icons/PlayArrow';
import { useLayoutEffect, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { useTerminalSettings } from '../Terminal/useTerminalSettings';
import { terminalLook } from '../Terminal/xtermTheme';
import type { WatchScreen } from './createWatchScreen';
import { createWatchScreen } from './createWatchScreen';
import { RecordingFailure } from './RecordingFailure';
import { useWatch } from './useWatch';

const useStyles = makeStyles((theme: Theme) => ({
  bar: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    justifyContent: 'space-between',
    gap: theme.spacing(1, 2),
    minHeight: 34,
  },
  frame: {
    height: 'min(62vh, 680px)',
    minHeight: 200,
    padding: theme.spacing(1),
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    // As wide as a phone, a screen of the usual shape is not as high.
    [theme.breakpoints.down('xs')]: { height: 'min(40vh, 680px)' },
  },
  screen: {
    height: '100%',
    overflow: 'auto',
    '& .xterm': { height: '100%' },
    '& .xterm-viewport': { backgroundColor: 'inherit !important' },
  },
}));

/** The message for each state. */
const WORDS = {
  connecting: 'watchConnecting',
  watching: 'watching',
  lost: 'watchLost',
  ended: 'watchEnded',
} as const;

interface WatchingProps {
  requestId: string;
  sessionId: string;
  /** The reader wants to see it from its beginning instead. */
  onPlay(): void;
}

/** What somebody else sees now. */
export function Watching({ requestId, sessionId, onPlay }: WatchingProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { ref, screen, background } = useWatchScreen();
  const watch = useWatch(requestId, sessionId, screen);
  if (watch.status === 'failed') {
    return <RecordingFailure error={watch.error} onRetry={watch.retry} />;
  }
  return (
    <>
      <div className={classes.bar}>
        <Typography variant="body2" role="status">
          {t(`recording.${WORDS[watch.status]}`)}
        </Typography>
        <Button
          size="small"
          variant="outlined"
          startIcon={<PlayIcon />}
          onClick={onPlay}
        >
          {t('recording.fromStart')}
        </Button>
      </div>
      <div
        className={classes.frame}
        style={{ backgroundColor: background }}
        role="region"
        aria-label={t('recording.watchScreen')}
      >
        <div ref={ref} className={classes.screen} />
      </div>
    </>
  );
}

/** Another look is another screen, on which everything is shown anew. */
function useWatchScreen() {
  const { settings } = useTerminalSettings();
  const look = terminalLook(
    settings.colours,
    useTheme().palette.type === 'dark',
  );
  const { screenReader } = settings;
  const [element, setElement] = useState<HTMLElement | null>(null);
  const [screen, setScreen] = useState<WatchScreen>();

  useLayoutEffect(() => {
    if (!element) {
      return undefined;
    }
    const made = createWatchScreen(element, { look, screenReader });
    setScreen(made);
    return () => {
      made.dispose();
      setScreen(undefined);
    };
  }, [element, look, screenReader]);

  return { ref: setElement, screen, background: look.theme.background };
}
