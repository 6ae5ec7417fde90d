import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import List from '@material-ui/core/List';
import ListItem from '@material-ui/core/ListItem';
import Paper from '@material-ui/core/Paper';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Skeleton from '@material-ui/lab/Skeleton';
import { useEffect, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';

/** What comes sooner than this comes without a skeleton, which would only flash. */
const DELAY_MS = 300;

const useStyles = makeStyles((theme: Theme) => ({
  row: { display: 'block', padding: theme.spacing(1.5, 2.5) },
}));

/** The outline of a list that is being loaded, in the place where the list will be. */
export function RowsSkeleton({ rows = 5 }: { rows?: number }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const [isShown, setShown] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setShown(true), DELAY_MS);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label={t('ui.loading')} aria-busy>
      {isShown && (
        <Paper variant="outlined" aria-hidden>
          <List disablePadding component="div">
            {Array.from({ length: rows }, (_, index) => (
              <ListItem
                key={index}
                divider
                component="div"
                className={classes.row}
              >
                <Skeleton width={`${36 + ((index * 13) % 20)}%`} />
                <Skeleton width={`${64 + ((index * 17) % 30)}%`} />
              </ListItem>
            ))}
          </List>
        </Paper>
      )}
    </div>
  );
}
