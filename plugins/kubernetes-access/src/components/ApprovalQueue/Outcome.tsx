import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import { kubernetesAccessTranslationRef } from '../../translation';
import { EndSentence } from '../RequestSentences';
import { Person, When } from '../ui';

/** How a request went: who decided and when, or how else it ended. */
export function Outcome({ request }: { request: AccessRequest }) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const { decisions, phase, policy } = request;
  const approvals = decisions.filter(({ verdict }) => verdict === 'approve');
  return (
    <Typography variant="body2" role="status">
      {approvals.map(({ actor, at }) => (
        <span key={actor}>
          {t('sentences.decidedApprove', {
            person: <Person entityRef={actor} />,
            when: <When at={at} />,
          })}{' '}
        </span>
      ))}
      {phase === 'Pending' && approvals.length > 0 && (
        <span>
          {t('approvals.waitsForOthers', {
            missing: String(policy.approvals - approvals.length),
          })}
        </span>
      )}
      <EndSentence request={request} />
    </Typography>
  );
}
