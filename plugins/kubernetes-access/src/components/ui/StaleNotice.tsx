import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Snackbar from '@material-ui/core/Snackbar';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import Alert from '@material-ui/lab/Alert';
import { kubernetesAccessTranslationRef } from '../../translation';
import { useErrorWords } from './useErrorWords';

const useStyles = makeStyles((theme: Theme) => ({
  // The app's own colours: MUI's pale ones are made for a white page.
  alert: { backgroundColor: theme.palette.background.paper, maxWidth: 560 },
}));

/**
 * Says that what is shown may have been overtaken; it goes by itself when looking works again. It lies above the page,
 * so that nothing moves when it comes and goes.
 */
export function StaleNotice({ error }: { error?: Error }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const inWords = useErrorWords();
  const classes = useStyles();
  return (
    <Snackbar
      open={error !== undefined}
      anchorOrigin={{ vertical: 'bottom', horizontal: 'center' }}
    >
      <Alert severity="warning" variant="outlined" className={classes.alert}>
        {error && t('ui.stale', { message: inWords(error) })}
      </Alert>
    </Snackbar>
  );
}
