import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Button from '@material-ui/core/Button';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import DownloadIcon from '@material-ui/icons/GetApp';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, Loading } from '../ui';
import { RecordingFailure } from './RecordingFailure';
import { RecordingNotices } from './RecordingNotices';
import { RecordingPlayer } from './RecordingPlayer';
import { useDownload } from './useDownload';
import { useRecording } from './useRecording';

/** What was recorded, from its beginning. */
export function Playing(props: { requestId: string; sessionId: string }) {
  const { requestId, sessionId } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const recording = useRecording(requestId, sessionId);
  switch (recording.status) {
    case 'loading':
      return (
        <>
          <Typography variant="body2" color="textSecondary">
            {t('recording.loading')}
          </Typography>
          <Loading lines={8} />
        </>
      );
    case 'failed':
      return (
        <RecordingFailure error={recording.error} onRetry={recording.reload} />
      );
    default:
      return (
        <>
          <RecordingNotices cast={recording.cast} onReload={recording.reload} />
          {recording.cast.hasOutput ? (
            <RecordingPlayer cast={recording.cast}>
              <Download requestId={requestId} sessionId={sessionId} />
            </RecordingPlayer>
          ) : (
            <Typography role="status">
              {t(
                recording.cast.check?.open
                  ? 'recording.nothingYet'
                  : 'recording.nothing',
              )}
            </Typography>
          )}
        </>
      );
  }
}

function Download(props: { requestId: string; sessionId: string }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const download = useDownload(props.requestId, props.sessionId);
  return (
    <>
      <Tooltip title={t('recording.downloadHint')}>
        <Button
          size="small"
          startIcon={<DownloadIcon />}
          aria-disabled={download.isRunning}
          onClick={() => download.run()}
        >
          {t('recording.download')}
        </Button>
      </Tooltip>
      {download.error && (
        <ErrorNotice
          title={t('recording.downloadFailed')}
          error={download.error}
        />
      )}
    </>
  );
}
