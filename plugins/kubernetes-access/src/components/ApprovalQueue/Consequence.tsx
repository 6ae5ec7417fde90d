import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import { durationInWords, timeOfDay } from '../../format';
import { useLanguage, useNow } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';
import { Person } from '../ui';

interface ConsequenceProps {
  id: string;
  request: AccessRequest;
  /** How many pods it would reach now, where that is known. */
  pods: number | undefined;
}

/** What an approval leads to, in a line. */
export function Consequence({ id, request, pods }: ConsequenceProps) {
  const { requester, durationSeconds, decisions, policy } = request;
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const now = useNow();
  const end = new Date(now.getTime() + durationSeconds * 1000).toISOString();
  const words = {
    person: <Person entityRef={requester} />,
    duration: durationInWords(durationSeconds, language),
    time: timeOfDay(end, now, language),
  };
  return (
    <Typography variant="body2" color="textSecondary" id={id}>
      {pods === undefined
        ? t('approvals.consequenceUnknown', words)
        : t('approvals.consequence', { ...words, count: pods })}{' '}
      {policy.approvals > 1 &&
        t('approvals.progress', {
          done: String(decisions.length),
          needed: String(policy.approvals),
        })}
    </Typography>
  );
}
