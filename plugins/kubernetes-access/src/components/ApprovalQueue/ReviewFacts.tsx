import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import Skeleton from '@material-ui/lab/Skeleton';
import type { ReactNode } from 'react';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Fact, Traits } from '../ui';
import { Earlier } from './Earlier';
import type { ReviewState } from './useReview';

/** What who decides wants to know beside what was asked. */
export function ReviewFacts({ review }: { review: ReviewState }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  return (
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
