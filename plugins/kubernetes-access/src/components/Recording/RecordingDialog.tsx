import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { SessionSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Dialog from '@material-ui/core/Dialog';
import DialogContent from '@material-ui/core/DialogContent';
import IconButton from '@material-ui/core/IconButton';
import Tooltip from '@material-ui/core/Tooltip';
import Typography from '@material-ui/core/Typography';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import useMediaQuery from '@material-ui/core/useMediaQuery';
import CloseIcon from '@material-ui/icons/Close';
import { lazy, Suspense, useId, useState } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Loading, Person, TimeOfDay } from '../ui';
import { Playing } from './Playing';

const Watching = lazy(() =>
  import('./Watching').then(m => ({ default: m.Watching })),
);

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
    'id' | 'user' | 'pod' | 'container' | 'state' | 'openedAt' | 'createdAt'
  >;
  onClose(): void;
}

/** What a session shows, or what was recorded of it, over the page. */
export function RecordingDialog(props: RecordingDialogProps) {
  const { session, onClose } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const titleId = useId();
  // Who watches it end goes on looking at what is there.
  const [isWatched, setWatched] = useState(session.state !== 'closed');
  const where = { requestId: props.requestId, sessionId: session.id };
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
            {t(isWatched ? 'recording.watchTitle' : 'recording.title', {
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
        {isWatched ? (
          <Suspense fallback={<Loading lines={8} />}>
            <Watching {...where} onPlay={() => setWatched(false)} />
          </Suspense>
        ) : (
          <Playing {...where} />
        )}
      </DialogContent>
    </Dialog>
  );
}
