import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Tooltip from '@material-ui/core/Tooltip';
import Skeleton from '@material-ui/lab/Skeleton';
import type { ReactNode } from 'react';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Fact, Facts, Place, Traits, When } from '../ui';
import { Earlier } from './Earlier';
import { RequesterTeams } from './RequesterTeams';
import type { ReviewState } from './useReview';

interface CardFactsProps {
  request: AccessRequest;
  review: ReviewState;
}

/** What a decision rests on. Every line is there from the start, so that the buttons below stay where they are. */
export function CardFacts({ request, review }: CardFactsProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const isWaiting = request.phase === 'Pending';
  return (
    <Facts>
      <Fact label={t('approvals.team')}>
        <RequesterTeams entityRef={request.requester} />
      </Fact>
      <Fact label={t('approvals.where')}>
        <Where request={request} pods={review.review?.pods} />
      </Fact>
      <Fact label={t('approvals.howLong')}>
        {durationInWords(request.durationSeconds, language)}
      </Fact>
      {request.actions.decide && (
        <>
          <Fact label={t('approvals.special')}>
            <Loaded state={review}>
              <Special {...review} />
            </Loaded>
          </Fact>
          <Fact label={t('approvals.before')}>
            <Loaded state={review}>
              {review.review ? (
                <Earlier requests={review.review.earlier} />
              ) : (
                t('approvals.unknown')
              )}
            </Loaded>
          </Fact>
        </>
      )}
      {isWaiting && (
        <Fact label={t('approvals.lapses')}>
          <When at={request.pendingUntil} />
        </Fact>
      )}
    </Facts>
  );
}

function Where(props: { request: AccessRequest; pods: number | undefined }) {
  const { request, pods } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const selectors = request.targets.flatMap(({ podSelector }) =>
    podSelector ? [podSelector] : [],
  );
  return (
    <>
      <Place cluster={request.cluster} targets={request.targets} />
      {' · '}
      <Tooltip
        title={
          selectors.length > 0
            ? t('approvals.podsSelector', { selector: selectors.join(', ') })
            : ''
        }
      >
        <span>
          {pods === undefined
            ? t('approvals.podsMatching')
            : t('approvals.podsCount', { count: pods })}
        </span>
      </Tooltip>
    </>
  );
}

function Special({ review }: ReviewState) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  if (review?.pods === undefined) {
    return <>{t('approvals.unknown')}</>;
  }
  return review.traits.length > 0 ? (
    <Traits traits={review.traits} />
  ) : (
    <>{t('approvals.specialNone')}</>
  );
}

function Loaded(props: { state: ReviewState; children: ReactNode }) {
  return props.state.isLoading ? (
    <Skeleton width="60%" />
  ) : (
    <>{props.children}</>
  );
}
