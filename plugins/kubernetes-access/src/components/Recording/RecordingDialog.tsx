import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { SessionSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import Dialog from '@material-ui/core/Dialog';
import DialogContent from '@material-ui/core/DialogContent';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import CloseIcon from '@material-ui/icons/Close';
import DownloadIcon from '@material-ui/icons/GetApp';
import { useId } from 'react';
import { isNotAllowed, isNotFound } from '../../format';
import { kubernetesAccessTranslationRef } from '../../translation';
import { ErrorNotice, Loading, Person, TimeOfDay } from '../ui';
import { RecordingNotices } from './RecordingNotices';
import { RecordingPlayer } from './RecordingPlayer';
import { useDownload } from './useDownload';
import { useRecording } from './useRecording';

const useStyles = makeStyles((theme: Theme) => ({
  head: {
    display: 'flex',
    alignItems: 'flex-start',
    gap: theme.spacing(1),
    padding: theme.spacing(2, 2, 1, 3),
  },
  title: { flexGrow: 1, minWidth: 0, overflowWrap: 'anywhere' },
  content: {
    paddingBottom: theme.spacing(3),
    '& > * + *': { marginTop: theme.spacing(1.5) },
    [theme.breakpoints.down('xs')]: { padding: theme.spacing(1, 2, 2) },
  },
}));

interface RecordingDialogProps {
  requestId: string;
  session: Pick<
    SessionSummary,
    'id' | 'user' | 'pod' | 'container' | 'openedAt' | 'createdAt'
  >;
  onClose(): void;
}

/** What was recorded of a session, over the page. */
export function RecordingDialog(props: RecordingDialogProps) {
  const { session, onClose } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const titleId = useId();
  const isNarrow = useMediaQuery<Theme>(theme => theme.breakpoints.down('xs'));
  return (
    <Dialog
      open
      onClose={onClose}
      fullWidth
      maxWidth="lg"
      fullScreen={isNarrow}
      aria-labelledby={titleId}
    >
      <div className={classes.head}>
        <div className={classes.title}>
          <Typography
            id={titleId}
            variant={isNarrow ? 'h6' : 'h5'}
            component="h2"
          >
            {t('recording.title', {
              pod: session.pod,
              container: session.container,
            })}
          </Typography>
          <Typography variant="body2" component="div" color="textSecondary">
            {t('recording.who', {
              user: <Person entityRef={session.user} />,
              from: <TimeOfDay at={session.openedAt ?? session.createdAt} />,
            })}
          </Typography>
        </div>
        <Tooltip title={t('recording.close')}>
          <IconButton
            size="small"
            aria-label={t('recording.close')}
            onClick={onClose}
          >
            <CloseIcon />
          </IconButton>
        </Tooltip>
      </div>
      <DialogContent className={classes.content}>
        <Recording requestId={props.requestId} sessionId={session.id} />
      </DialogContent>
    </Dialog>
  );
}

function Recording(props: { requestId: string; sessionId: string }) {
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
      return <Failure error={recording.error} onRetry={recording.reload} />;
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

/** What cannot be helped by trying again is not tried again. */
function Failure({ error, onRetry }: { error: Error; onRetry(): void }) {
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
