import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequestDetail,
  SessionSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Button from '@material-ui/core/Button';
import type { Theme } from '@material-ui/core/styles';
import { makeStyles } from '@material-ui/core/styles';
import PlayIcon from '@material-ui/icons/PlayArrow';
import WatchIcon from '@material-ui/icons/Visibility';
import type { ReactNode } from 'react';
import { durationInWords, formatBytes } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { TimeOfDay } from '../ui';
import { ProcessesText } from './ProcessesText';
import { SecondLine } from './SecondLine';

const useStyles = makeStyles((theme: Theme) => ({
  play: { marginTop: theme.spacing(0.75) },
}));

interface SessionDetailsProps {
  session: SessionSummary;
  request: AccessRequestDetail;
  onPlay(sessionId: string): void;
}

/** From when to when, how much, why it closed, what it left behind, and what was recorded. */
export function SessionDetails(props: SessionDetailsProps) {
  const { session, request, onPlay } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const classes = useStyles();
  const isOver = session.state === 'closed';
  return (
    <>
      <SecondLine>
        <Course session={session} />
      </SecondLine>
      {endedByItself(session, request) && (
        <SecondLine>{session.closeReason}</SecondLine>
      )}
      {session.processes && (
        <SecondLine>
          <ProcessesText processes={session.processes} />
        </SecondLine>
      )}
      {session.playable && (
        <Button
          size="small"
          variant="outlined"
          className={classes.play}
          startIcon={isOver ? <PlayIcon /> : <WatchIcon />}
          aria-label={t(
            isOver ? 'recording.playLabel' : 'recording.watchLabel',
            {
              pod: session.pod,
              container: session.container,
            },
          )}
          onClick={() => onPlay(session.id)}
        >
          {t(isOver ? 'recording.play' : 'recording.watch')}
        </Button>
      )}
    </>
  );
}

function Course({ session }: { session: SessionSummary }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const { openedAt, createdAt, closedAt } = session;
  const began = openedAt ?? createdAt;
  const from = <TimeOfDay at={began} />;
  const parts: ReactNode[] = [
    closedAt
      ? t('requestPage.sessionRange', {
          from,
          to: <TimeOfDay at={closedAt} />,
          duration: durationInWords(
            Math.max(1, secondsBetween(began, closedAt)),
            language,
          ),
        })
      : t('requestPage.sessionSince', { from }),
    t('requestPage.sessionBytes', {
      sent: formatBytes(session.bytesIn, language),
      received: formatBytes(session.bytesOut, language),
    }),
    t(
      session.recorded
        ? 'requestPage.sessionRecorded'
        : 'requestPage.sessionNotRecorded',
    ),
  ];
  return (
    <>
      {parts.map((part, index) => (
        <span key={index}>
          {index > 0 && ' · '}
          {part}
        </span>
      ))}
    </>
  );
}

function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}

/** A session that closed because the request ended needs no reason of its own: the end is the next row. */
function endedByItself(
  { closedAt, closeReason }: SessionSummary,
  { endedAt }: AccessRequestDetail,
): boolean {
  return Boolean(
    closeReason &&
      closedAt &&
      (!endedAt || Date.parse(closedAt) < Date.parse(endedAt)),
  );
}
