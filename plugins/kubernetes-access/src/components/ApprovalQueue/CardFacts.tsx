import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Tooltip from '@material-ui/core/Tooltip';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Fact, Facts, Place, When } from '../ui';
import { RequesterTeams } from './RequesterTeams';
import { ReviewFacts } from './ReviewFacts';
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
      {request.actions.decide && <ReviewFacts review={review} />}
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
