import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { kubernetesAccessTranslationRef } from '../../translation';
import { useErrorWords } from './useErrorWords';

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
  return (
    <Alert
      severity="error"
      variant="outlined"
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
