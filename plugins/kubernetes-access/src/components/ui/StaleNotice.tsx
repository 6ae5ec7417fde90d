import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Alert from '@material-ui/lab/Alert';
import { messageOf } from '../../format';
import { kubernetesAccessTranslationRef } from '../../translation';

/** Says that what is shown may have been overtaken; it goes by itself when looking works again. */
export function StaleNotice({ error }: { error?: Error }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return error ? (
    <Alert severity="warning" variant="outlined">
      {t('ui.stale', { message: messageOf(error) })}
    </Alert>
  ) : null;
}
