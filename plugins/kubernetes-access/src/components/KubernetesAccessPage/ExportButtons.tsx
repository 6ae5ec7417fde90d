import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { ListAccessRequests } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice } from '../ui';
import { useExport } from './useExport';

const useStyles = makeStyles((theme: Theme) => ({
  root: {
    display: 'flex',
    flexWrap: 'wrap',
    alignItems: 'center',
    gap: theme.spacing(1),
  },
}));

/** Saves everything that the filters leave, not only the page that is shown. */
export function ExportButtons(props: { query: () => ListAccessRequests }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const { state, start, stop } = useExport(props.query);
  const isRunning = state.status === 'running';
  return (
    <div>
      <div className={classes.root}>
        <Button
          size="small"
          color="primary"
          disabled={isRunning}
          onClick={() => start('csv')}
        >
          {t('page.exportCsv')}
        </Button>
        <Button
          size="small"
          color="primary"
          disabled={isRunning}
          onClick={() => start('json')}
        >
          {t('page.exportJson')}
        </Button>
        <Typography
          variant="body2"
          component="span"
          color="textSecondary"
          role="status"
        >
          {isRunning && t('page.exportRunning', { count: state.count })}
          {state.status === 'done' &&
            t('page.exportDone', { count: state.count })}
        </Typography>
        {isRunning && (
          <Button size="small" onClick={stop}>
            {t('page.exportStop')}
          </Button>
        )}
      </div>
      {state.status === 'failed' && (
        <ErrorNotice title={t('page.exportFailed')} error={state.error} />
      )}
    </div>
  );
}
