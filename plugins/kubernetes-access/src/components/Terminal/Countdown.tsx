import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { useSteadyNow } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { formatCountdown, urgencyOf } from './countdown';

const useStyles = makeStyles((theme: Theme) => ({
  time: { fontVariantNumeric: 'tabular-nums', whiteSpace: 'nowrap' },
  calm: {},
  // Darker or lighter than the palette's, which are too pale to be read as text.
  amber: { color: isDark(theme) ? '#ffb74d' : '#8f4700', fontWeight: 600 },
  red: { color: isDark(theme) ? '#ff9a91' : '#b3261e', fontWeight: 600 },
}));

function isDark({ palette }: Theme): boolean {
  return palette.type === 'dark';
}

/** How long the access still lasts. Calm at first, then amber, then red. */
export function Countdown({ endsAtMs }: { endsAtMs: number }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const seconds = (endsAtMs - useSteadyNow()) / 1000;
  const time = formatCountdown(seconds);
  return (
    <Typography
      variant="body2"
      component="span"
      role="timer"
      aria-label={t('terminal.timeLeft', { time })}
      title={t('terminal.timeLeft', { time })}
      className={`${classes.time} ${classes[urgencyOf(seconds)]}`}
    >
      {time}
    </Typography>
  );
}
