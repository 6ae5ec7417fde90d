import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { isNotAllowed, isNotFound } from '../../format';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice } from '../ui';

interface RecordingFailureProps {
  error: Error;
  onRetry(): void;
}

/** What cannot be helped by trying again is not tried again. */
export function RecordingFailure({ error, onRetry }: RecordingFailureProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (isNotFound(error)) {
    return <ErrorNotice title={t('recording.notRecorded')} error={error} />;
  }
  if (isNotAllowed(error)) {
    return <ErrorNotice title={t('recording.refused')} error={error} />;
  }
  return (
    <ErrorNotice
      title={t('recording.failed')}
      error={error}
      onRetry={onRetry}
    />
  );
}
