import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Alert from '@material-ui/lab/Alert';
import AlertTitle from '@material-ui/lab/AlertTitle';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { Cast } from './cast';

interface RecordingNoticesProps {
  cast: Cast;
  onReload(): void;
}

/** What whoever looks at a recording has to know of it: that it is not whole, or that there will be more. */
export function RecordingNotices({ cast, onReload }: RecordingNoticesProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { check, remarks } = cast;
  return (
    <>
      {check?.state === 'damaged' && (
        <Alert severity="error" variant="outlined">
          <AlertTitle>{t('recording.damaged')}</AlertTitle>
          <Lines lines={[...check.problems, t('recording.damagedNext')]} />
        </Alert>
      )}
      {check?.state === 'unverified' && (
        <Alert severity="warning" variant="outlined">
          <AlertTitle>{t('recording.unverified')}</AlertTitle>
          <Lines lines={check.problems} />
        </Alert>
      )}
      {check?.state !== 'damaged' && remarks.length > 0 && (
        <Alert severity="warning" variant="outlined">
          <AlertTitle>{t('recording.incomplete')}</AlertTitle>
          <Lines lines={remarks} />
        </Alert>
      )}
      {check?.open && (
        <Alert
          severity="info"
          variant="outlined"
          action={
            <Button color="inherit" size="small" onClick={onReload}>
              {t('recording.loadRest')}
            </Button>
          }
        >
          {t('recording.running')}
        </Alert>
      )}
    </>
  );
}

function Lines({ lines }: { lines: string[] }) {
  return (
    <>
      {lines.map((line, index) => (
        <div key={index}>{line}</div>
      ))}
    </>
  );
}
