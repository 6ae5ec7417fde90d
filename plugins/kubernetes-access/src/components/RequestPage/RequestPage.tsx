import { InfoCard, LinkButton } from '@backstage/core-components';
import { useApi, useRouteRef } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type {
  AccessRequestDetail,
  AccessSignal,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Grid from '@material-ui/core/Grid';
import { lazy, Suspense, useCallback } from 'react';
import { useParams, useSearchParams } from 'react-router-dom';
import { kubernetesAccessApiRef } from '../../api';
import { isNotFound } from '../../format';
import { useLive } from '../../hooks';
import { rootRouteRef } from '../../routes';
import { kubernetesAccessTranslationRef } from '../../translation';
import { useReview } from '../ApprovalQueue';
import { Blank, ErrorNotice, Loading, StaleNotice } from '../ui';
import { RequestFacts } from './RequestFacts';
import { RequestHeader } from './RequestHeader';
import { Timeline } from './Timeline';

const RecordingDialog = lazy(() =>
  import('../Recording').then(m => ({ default: m.RecordingDialog })),
);

/** The session whose recording is played, so that one can be linked to and the way back closes it. */
const PLAY = 'play';

/** The page of one request: what was asked, what happened and what can be done. */
export function RequestPage() {
  const { id = '' } = useParams();
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const live = useRequest(id);
  switch (live.status) {
    case 'loading':
      return <Loading lines={8} isCard />;
    case 'failed':
      return isNotFound(live.error) ? (
        <NoSuchRequest />
      ) : (
        <ErrorNotice
          title={t('requestPage.failed')}
          error={live.error}
          onRetry={live.refresh}
        />
      );
    default:
      return (
        <>
          <StaleNotice error={live.error} />
          <RequestOnPage request={live.value} onChanged={live.refresh} />
        </>
      );
  }
}

interface RequestOnPageProps {
  request: AccessRequestDetail;
  onChanged(): Promise<void>;
}

function RequestOnPage({ request, onChanged }: RequestOnPageProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const [played, play] = usePlayed(request);
  const review = useReview(request);
  return (
    <>
      <RequestHeader
        request={request}
        pods={review.review?.pods}
        onChanged={onChanged}
      />
      <Grid container spacing={3}>
        <Grid item xs={12} md={6} lg={5}>
          <InfoCard title={t('requestPage.facts')}>
            <RequestFacts request={request} review={review} />
          </InfoCard>
        </Grid>
        <Grid item xs={12} md={6} lg={7}>
          <InfoCard title={t('requestPage.timeline')}>
            <Timeline request={request} onPlay={play} />
          </InfoCard>
        </Grid>
      </Grid>
      {played && (
        <Suspense fallback={null}>
          <RecordingDialog
            key={played.id}
            requestId={request.id}
            session={played}
            onClose={() => play(undefined)}
          />
        </Suspense>
      )}
    </>
  );
}

/** Which recording is played, and how to play another one or none. */
function usePlayed({ sessions }: AccessRequestDetail) {
  const [parameters, setParameters] = useSearchParams();
  const play = useCallback(
    (sessionId: string | undefined) =>
      setParameters(
        before => {
          const after = new URLSearchParams(before);
          after.delete(PLAY);
          if (sessionId) {
            after.set(PLAY, sessionId);
          }
          return after;
        },
        { replace: sessionId === undefined },
      ),
    [setParameters],
  );
  const played = sessions.find(({ id }) => id === parameters.get(PLAY));
  return [played, play] as const;
}

/** One request with its history, kept fresh. */
export function useRequest(id: string) {
  const api = useApi(kubernetesAccessApiRef);
  return useLive(
    useCallback(() => api.getRequest(id), [api, id]),
    useCallback((signal: AccessSignal) => signal.requestId === id, [id]),
  );
}

/** Whoever may not see a request learns no more about it than that. */
export function NoSuchRequest() {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const rootLink = useRouteRef(rootRouteRef);
  return (
    <Blank
      title={t('requestPage.notFound')}
      action={
        <LinkButton variant="outlined" color="primary" to={rootLink()}>
          {t('requestPage.notFoundNext')}
        </LinkButton>
      }
    >
      {t('requestPage.notFoundWhy')}
    </Blank>
  );
}
