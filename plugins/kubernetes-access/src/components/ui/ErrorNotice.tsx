import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { kubernetesAccessTranslationRef } from '../../translation';
import { useErrorWords } from './useErrorWords';

const useStyles = makeStyles((theme: Theme) => ({
  root: { [theme.breakpoints.down('xs')]: { flexWrap: 'wrap' } },
  message: { flex: '1 1 0', minWidth: 0, overflowWrap: 'anywhere' },
  // On a phone under the words, which need the width.
  action: {
    whiteSpace: 'nowrap',
    [theme.breakpoints.down('xs')]: {
      flexBasis: '100%',
      justifyContent: 'flex-end',
    },
  },
}));

interface ErrorNoticeProps {
  /** What did not work, as a sentence. */
  title: string;
  error: Error;
  onRetry?(): void;
}

/** What happened, why, and a way to try again. */
export function ErrorNotice({ title, error, onRetry }: ErrorNoticeProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const inWords = useErrorWords();
  const classes = useStyles();
  return (
    <Alert
      severity="error"
      variant="outlined"
      classes={classes}
      action={
        onRetry && (
          <Button color="inherit" size="small" onClick={onRetry}>
            {t('ui.retry')}
          </Button>
        )
      }
    >
      <AlertTitle>{title}</AlertTitle>
      {inWords(error)}
    </Alert>
  );
}
