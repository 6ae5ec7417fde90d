import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import FormControlLabel from '@material-ui/core/FormControlLabel';
import MenuItem from '@material-ui/core/MenuItem';
import Switch from '@material-ui/core/Switch';
import TextField from '@material-ui/core/TextField';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import type { ReactNode } from 'react';
import { useEffect, useId, useRef, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { Cast } from './cast';
import type { PlayerOnPage } from './createPlayer';
import { createPlayer, PLAYER_THEME } from './createPlayer';
import { playerColours } from './playerColours';

const SPEEDS = [0.5, 1, 2, 5, 10];
/** What a pause is cut to. */
const IDLE_SECONDS = 2;

const useStyles = makeStyles((theme: Theme) => ({
  screen: {
    height: 'min(62vh, 680px)',
    minHeight: 200,
    backgroundColor: playerColours(theme)['--term-color-background'],
    border: `1px solid ${theme.palette.divider}`,
    borderRadius: theme.shape.borderRadius,
    overflow: 'hidden',
    [`& .asciinema-player-theme-${PLAYER_THEME}`]: playerColours(theme),
    '& .ap-control-bar': { fontSize: 14 },
    [theme.breakpoints.down('xs')]: { height: 'auto', minHeight: 0 },
  },
  controls: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1, 2),
    marginTop: theme.spacing(1.5),
  },
  speed: { minWidth: 88 },
  grow: { flexGrow: 1 },
  // A phone has no keys.
  keys: { [theme.breakpoints.down('xs')]: { display: 'none' } },
}));

interface RecordingPlayerProps {
  cast: Cast;
  /** What else can be done with the recording. */
  children?: ReactNode;
}

/** A recording with everything to play it by mouse, finger or keyboard. */
export function RecordingPlayer({ cast, children }: RecordingPlayerProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const speedId = useId();
  const [speed, setSpeed] = useState(1);
  const [cutsPauses, setCutsPauses] = useState(true);
  const ref = usePlayer(cast, speed, cutsPauses);
  return (
    <>
      <div
        ref={ref}
        className={classes.screen}
        role="region"
        aria-label={t('recording.screen')}
      />
      <div className={classes.controls}>
        <TextField
          select
          id={speedId}
          size="small"
          variant="outlined"
          className={classes.speed}
          label={t('recording.speed')}
          value={speed}
          onChange={event => setSpeed(Number(event.target.value))}
        >
          {SPEEDS.map(times => (
            <MenuItem key={times} value={times}>
              {t('recording.speedTimes', { times: String(times) })}
            </MenuItem>
          ))}
        </TextField>
        <FormControlLabel
          title={t('recording.pausesHint')}
          label={t('recording.pauses')}
          control={
            <Switch
              size="small"
              color="primary"
              checked={cutsPauses}
              onChange={(_, checked) => setCutsPauses(checked)}
            />
          }
        />
        <div className={classes.grow} />
        {children}
      </div>
      <Typography
        variant="body2"
        color="textSecondary"
        className={classes.keys}
      >
        {t('recording.keys')}
      </Typography>
    </>
  );
}

/** Another speed is another player, which goes on where the one before was. */
function usePlayer(cast: Cast, speed: number, cutsPauses: boolean) {
  const isTall = useMediaQuery<Theme>(theme => theme.breakpoints.down('xs'));
  const [element, setElement] = useState<HTMLElement | null>(null);
  const place = useRef<{ cast: Cast; cutsPauses: boolean; at: number }>();

  useEffect(() => {
    if (!element) {
      return undefined;
    }
    const before = place.current;
    // Where pauses are cut the same instant is at another time.
    const goesOn = before?.cast === cast && before.cutsPauses === cutsPauses;
    const player: PlayerOnPage = createPlayer(element, cast, {
      speed,
      autoPlay: true,
      isTall,
      ...(cutsPauses ? { idleSeconds: IDLE_SECONDS } : {}),
      ...(goesOn ? { startAt: before.at } : {}),
    });
    if (!before) {
      player.focus();
    }
    return () => {
      place.current = { cast, cutsPauses, at: player.currentTime() };
      player.dispose();
    };
  }, [element, cast, speed, cutsPauses, isTall]);

  return setElement;
}
