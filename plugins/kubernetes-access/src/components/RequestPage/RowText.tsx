import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequestDetail,
  SessionSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { remainingInWords } from '../../format';
import { useLanguage, useRemaining } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { People, Person, TimeOfDay } from '../ui';
import { EndText } from './EndText';
import { SecondLine } from './SecondLine';
import { SessionDetails } from './SessionDetails';
import type { TimelineRow } from './timelineRows';

interface RowProps<Row extends TimelineRow = TimelineRow> {
  row: Row;
  request: AccessRequestDetail;
}

/** What a row tells, in a sentence. */
export function RowText({ row, request }: RowProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  switch (row.kind) {
    case 'asked':
      return (
        <>
          {t('requestPage.happenedAsked', {
            actor: <Person entityRef={row.actor} />,
          })}
        </>
      );
    case 'notified':
      return (
        <>
          {t('requestPage.happenedNotified', {
            recipients: <People entityRefs={row.recipients} join="and" />,
          })}
        </>
      );
    case 'decided': {
      const actor = <Person entityRef={row.actor} />;
      return row.verdict === 'approve' ? (
        <>{t('requestPage.happenedApproved', { actor })}</>
      ) : (
        <>{t('requestPage.happenedDenied', { actor })}</>
      );
    }
    case 'started':
      return (
        <>
          {t('requestPage.happenedStarted', {
            until: <TimeOfDay at={row.expiresAt} />,
          })}
        </>
      );
    case 'granted':
      return (
        <>
          {t('requestPage.happenedGranted', {
            requester: <Person entityRef={request.requester} />,
          })}
        </>
      );
    case 'session':
      return <SessionText session={row.session} />;
    case 'ended':
      return <EndText row={row} request={request} />;
    case 'removed':
      return <>{t('requestPage.happenedRemoved')}</>;
    case 'waits':
      return request.approvers.users.length > 0 ? (
        <>
          {t('requestPage.nextWaits', {
            people: <People entityRefs={request.approvers.users} join="or" />,
          })}
        </>
      ) : (
        <>{t('requestPage.nextWaitsNobody')}</>
      );
    case 'starting':
      return <>{t('requestPage.nextStarting')}</>;
    case 'ends':
      return (
        <>{t('requestPage.nextEnds', { at: <TimeOfDay at={row.at} /> })}</>
      );
    case 'removing':
      return <>{t('requestPage.nextRemoving')}</>;
    case 'not-removed':
      return <>{t('requestPage.nextNotRemoved')}</>;
    default:
      return null;
  }
}

/** What more there is to say, in a second line. */
export function RowDetails({
  row,
  request,
  onPlay,
}: RowProps & { onPlay(sessionId: string): void }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  switch (row.kind) {
    case 'session':
      return (
        <SessionDetails
          session={row.session}
          request={request}
          onPlay={onPlay}
        />
      );
    case 'waits':
      return (
        <SecondLine>
          {t('requestPage.nextWaitsUntil', {
            until: <TimeOfDay at={row.until} />,
          })}
        </SecondLine>
      );
    case 'starting':
      return request.message ? (
        <SecondLine>{request.message}</SecondLine>
      ) : null;
    case 'ends':
      return <TimeLeft row={row} />;
    case 'not-removed':
      return row.message ? <SecondLine>{row.message}</SecondLine> : null;
    default:
      return null;
  }
}

function SessionText({ session }: { session: SessionSummary }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const words = {
    user: <Person entityRef={session.user} />,
    pod: session.pod,
    container: session.container,
  };
  return session.state === 'closed' ? (
    <>{t('requestPage.happenedSession', words)}</>
  ) : (
    <>{t('requestPage.happenedSessionNow', words)}</>
  );
}

function TimeLeft({ row }: { row: Extract<TimelineRow, { kind: 'ends' }> }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const remaining = useRemaining(row.at, row.asOf);
  return (
    <SecondLine>
      {t('requestPage.nextEndsIn', {
        time: remainingInWords(remaining, language),
      })}
    </SecondLine>
  );
}
