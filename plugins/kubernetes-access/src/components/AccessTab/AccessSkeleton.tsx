import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Paper from '@material-ui/core/Paper';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import { kubernetesAccessTranslationRef } from '../../translation';

const useStyles = makeStyles((theme: Theme) => ({
  // As high as what comes, so that nothing moves when it does; and unseen at first, because it would only flash.
  root: { animation: '$appear 200ms 300ms both' },
  line: {
    display: 'flex',
    alignItems: 'center',
    minHeight: 66,
    padding: theme.spacing(1.5, 2),
    marginBottom: theme.spacing(2),
  },
  tabs: {
    display: 'flex',
    gap: theme.spacing(4),
    height: 49,
    padding: theme.spacing(1.5, 2),
    marginBottom: theme.spacing(3),
    borderBottom: `1px solid ${theme.palette.divider}`,
  },
  form: { display: 'grid', gap: theme.spacing(2), padding: theme.spacing(3) },
  '@keyframes appear': { from: { opacity: 0 }, to: { opacity: 1 } },
}));

/** The outline of the tab while it is being loaded. */
export function AccessSkeleton() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  return (
    <div
      role="status"
      aria-label={t('ui.loading')}
      aria-busy
      className={classes.root}
    >
      <Paper variant="outlined" className={classes.line}>
        <Skeleton width="40%" />
      </Paper>
      <div className={classes.tabs}>
        <Skeleton width={64} />
        <Skeleton width={64} />
      </div>
      <Paper variant="outlined" className={classes.form}>
        <Skeleton width="12%" />
        <Skeleton width="36%" />
        <Skeleton width="30%" />
        <Skeleton variant="rect" height={40} width="55%" />
        <Skeleton variant="rect" height={84} width="60%" />
      </Paper>
    </div>
  );
}
