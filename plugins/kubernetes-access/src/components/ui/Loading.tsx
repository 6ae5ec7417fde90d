import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Paper from '@material-ui/core/Paper';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import { useEffect, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';

/** What comes sooner than this comes without a skeleton, which would only flash. */
const DELAY_MS = 300;

const useStyles = makeStyles((theme: Theme) => ({
  card: { padding: theme.spacing(2.5) },
}));

interface LoadingProps {
  lines?: number;
  /** Whether what comes is a card. */
  isCard?: boolean;
}

/** The outline of what is being loaded, once loading takes noticeably long. */
export function Loading({ lines = 4, isCard = false }: LoadingProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  const skeletons = Array.from({ length: lines }, (_, index) => (
    <Skeleton
      key={index}
      height={isCard ? undefined : 32}
      width={`${index === 0 ? 40 : 90 - ((index * 17) % 40)}%`}
    />
  ));
  return (
    <div role="status" aria-label={t('ui.loading')} aria-busy>
      {isShown &&
        (isCard ? (
          <Paper variant="outlined" className={classes.card}>
            {skeletons}
          </Paper>
        ) : (
          skeletons
        ))}
    </div>
  );
}
