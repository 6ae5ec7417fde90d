import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { useEffect } from 'react';
import { remainingInWords } from '../../format';
import { useLanguage, useRemaining } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { EndSentence } from '../RequestSentences';
import { People, TimeOfDay, When } from '../ui';

interface RequestSentenceProps {
  /** The reader's own. */
  request: AccessRequest;
  /** Called when the time is up, which no signal has to tell. */
  onOver(): Promise<void>;
}

/** Where a request stands, in one sentence to its requester. */
export function RequestSentence({ request, onOver }: RequestSentenceProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { phase, expiresAt } = request;
  switch (phase) {
    case 'Pending':
      return <Waiting request={request} />;
    case 'Approved':
      return t('access.settingUp', { people: <Approvers request={request} /> });
    case 'Active':
      return expiresAt ? (
        <Active expiresAt={expiresAt} asOf={request.asOf} onOver={onOver} />
      ) : null;
    default:
      return <EndSentence request={request} isMine />;
  }
}

function Waiting({ request }: { request: AccessRequest }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { approvers, decisions, policy } = request;
  const decided = decisions.map(({ actor }) => actor);
  const waitsFor = approvers.users.filter(user => !decided.includes(user));
  const words = {
    people: (
      <People
        entityRefs={waitsFor.length > 0 ? waitsFor : approvers.owners}
        join="or"
      />
    ),
    when: <When at={request.createdAt} />,
  };
  return policy.approvals === 1
    ? t('access.waiting', words)
    : t('access.waitingMore', {
        ...words,
        done: String(decisions.length),
        needed: String(policy.approvals),
      });
}

function Approvers({ request }: { request: AccessRequest }) {
  const approvals = request.decisions.filter(
    ({ verdict }) => verdict === 'approve',
  );
  return <People entityRefs={approvals.map(({ actor }) => actor)} join="and" />;
}

function Active(props: {
  expiresAt: string;
  asOf: string;
  onOver(): Promise<void>;
}) {
  const { expiresAt, asOf, onOver } = props;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const remaining = useRemaining(expiresAt, asOf);
  const isOver = remaining === 0;
  useEffect(() => {
    if (isOver) {
      // It never rejects.
      onOver();
    }
  }, [isOver, onOver]);
  return isOver ? (
    <>{t('access.overdue')}</>
  ) : (
    t('access.active', {
      time: <TimeOfDay at={expiresAt} />,
      // Announced with the sentence, not at every tick.
      left: (
        <span aria-live="off">{remainingInWords(remaining, language)}</span>
      ),
    })
  );
}
