import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityRefLink } from '@backstage/plugin-catalog-react';
import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { durationInWords } from '../../format';
import { useLanguage } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import type { ReviewState } from '../ApprovalQueue';
import { ReviewFacts } from '../ApprovalQueue';
import {
  Fact,
  Facts,
  People,
  Person,
  Place,
  Quote,
  TimeOfDay,
  When,
} from '../ui';

interface RequestFactsProps {
  request: AccessRequestDetail;
  /** For who decides. */
  review: ReviewState;
}

/** Everything that was asked for and what became of it. */
export function RequestFacts({ request, review }: RequestFactsProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  return (
    <Facts>
      <Fact label={t('requestPage.requester')}>
        <Person entityRef={request.requester} />
      </Fact>
      <Fact label={t('requestPage.entity')}>
        <EntityRefLink entityRef={request.entityRef} hideIcon />
      </Fact>
      <Fact label={t('requestPage.place')}>
        <Place cluster={request.cluster} targets={request.targets} />
      </Fact>
      <Fact label={t('requestPage.pods')}>
        <PodsOf request={request} />
      </Fact>
      <Fact label={t('requestPage.level')}>{t('requestPage.levelExec')}</Fact>
      <Fact label={t('requestPage.duration')}>
        {durationInWords(request.durationSeconds, language)}
      </Fact>
      <Fact label={t('requestPage.reason')}>
        <Quote isSmall>{request.reason}</Quote>
      </Fact>
      {request.actions.decide && <ReviewFacts review={review} />}
      <Fact label={t('requestPage.asked')}>
        <When at={request.createdAt} />
      </Fact>
      <Fact label={t('requestPage.approvers')}>
        <Approvers request={request} />
      </Fact>
      <Course request={request} />
      <Fact label={t('requestPage.id')}>
        <code>{request.id}</code>
      </Fact>
    </Facts>
  );
}

function PodsOf({ request }: { request: AccessRequestDetail }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const named = request.targets.flatMap(({ pods }) => pods ?? []);
  const selectors = request.targets.flatMap(({ podSelector }) =>
    podSelector ? [podSelector] : [],
  );
  return (
    <>
      {named.length > 0 && <code>{named.join(', ')}</code>}
      {selectors.length > 0 &&
        t('requestPage.podsBySelector', {
          selector: <code>{[...new Set(selectors)].join(', ')}</code>,
        })}
    </>
  );
}

function Approvers({ request }: { request: AccessRequestDetail }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { users, owners } = request.approvers;
  if (users.length === 0) {
    return <>{t('requestPage.approversNone')}</>;
  }
  const names = {
    people: <People entityRefs={users} join="or" />,
    owners: <People entityRefs={owners} join="and" />,
  };
  return request.policy.approvals > 1 ? (
    <>
      {t('requestPage.approversMore', {
        ...names,
        needed: String(request.policy.approvals),
      })}
    </>
  ) : (
    <>{t('requestPage.approversOne', names)}</>
  );
}

/** From when to when it could be used, and whether it has been cleaned up. */
function Course({ request }: { request: AccessRequestDetail }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { startsAt, expiresAt, endedAt } = request;
  return (
    <>
      {startsAt && (
        <Fact label={t('requestPage.from')}>
          <TimeOfDay at={startsAt} />
        </Fact>
      )}
      {expiresAt && !endedAt && (
        <Fact label={t('requestPage.until')}>
          <TimeOfDay at={expiresAt} />
        </Fact>
      )}
      {endedAt && (
        <Fact label={t('requestPage.ended')}>
          <TimeOfDay at={endedAt} />
        </Fact>
      )}
      <Removal request={request} />
    </>
  );
}

function Removal({ request }: { request: AccessRequestDetail }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const label = t('requestPage.removal');
  switch (request.removal.state) {
    case 'removed':
      return <Fact label={label}>{t('requestPage.removalRemoved')}</Fact>;
    case 'removing':
      return <Fact label={label}>{t('requestPage.removalRemoving')}</Fact>;
    case 'failing':
      return (
        <Fact label={label}>
          {t('requestPage.removalFailing', {
            message: request.removal.message ?? '',
          })}
        </Fact>
      );
    default:
      return null;
  }
}
