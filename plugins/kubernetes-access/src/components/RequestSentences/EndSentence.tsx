import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SYSTEM_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Person, TimeOfDay } from '../ui';

interface EndSentenceProps {
  request: AccessRequest;
  /** Whether it is the reader's own, who is then spoken to. */
  isMine?: boolean;
}

/** How a request ended: when, by whom and why. Nothing while it has not. */
export function EndSentence({ request, isMine = false }: EndSentenceProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { endReason, endedAt, endComment } = request;
  if (!endReason || !endedAt) {
    return null;
  }
  const wasGranted = request.startsAt !== undefined;
  const time = <TimeOfDay at={endedAt} />;
  const person = <Person entityRef={request.endedBy ?? SYSTEM_ACTOR} />;

  switch (endReason) {
    case 'expired':
      if (!wasGranted) {
        const wasApproved =
          request.decisions.length >= request.policy.approvals;
        return wasApproved
          ? t('sentences.notStarted', { time })
          : t('sentences.lapsed', { time });
      }
      return isMine
        ? t('sentences.expiredMine', { time })
        : t('sentences.expired', { time });
    case 'cancelled':
      if (isMine) {
        return wasGranted
          ? t('sentences.cancelledMine', { time })
          : t('sentences.withdrawnMine', { time });
      }
      return wasGranted
        ? t('sentences.cancelled', { time, person })
        : t('sentences.withdrawn', { time, person });
    case 'revoked':
      return endComment
        ? t('sentences.revokedBecause', { time, person, comment: endComment })
        : t('sentences.revoked', { time, person });
    case 'denied':
      return endComment
        ? t('sentences.deniedBecause', { person, comment: endComment })
        : t('sentences.denied', { person, time });
    default:
      return t(`sentences.${endReason}`, { time });
  }
}
