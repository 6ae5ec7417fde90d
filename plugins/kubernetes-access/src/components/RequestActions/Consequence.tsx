import { useApi } from '@backstage/core-plugin-api';
import { useTranslationRef } from '@backstage/core-plugin-api/alpha';
import { EntityDisplayName } from '@backstage/plugin-catalog-react';
import type {
  AccessRequest,
  EntityAccess,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import Typography from '@material-ui/core/Typography';
import useAsync from 'react-use/esm/useAsync';
import { kubernetesAccessApiRef } from '../../api';
import { timeOfDay } from '../../format';
import { useLanguage, useNow } from '../../hooks';
import { kubernetesAccessTranslationRef } from '../../translation';

interface ConsequenceProps {
  /** For the button that brings it about. */
  id: string;
  request: AccessRequest;
}

/** What an approval would do, in a line. */
export function Consequence({ id, request }: ConsequenceProps) {
  const { t } = useTranslationRef(kubernetesAccessTranslationRef);
  const language = useLanguage();
  const now = useNow();
  const count = usePodCount(request);
  const until = new Date(now.getTime() + request.durationSeconds * 1000);
  const words = {
    requester: <EntityDisplayName entityRef={request.requester} hideIcon />,
    until: timeOfDay(until.toISOString(), now, language),
  };
  const othersNeeded = request.policy.approvals - approvalsOf(request) - 1;
  return (
    <Typography id={id} variant="body2" component="p" color="textSecondary">
      {count === undefined
        ? t('actions.consequenceUnknown', words)
        : t('actions.consequence', { ...words, count })}
      {othersNeeded > 0 && (
        <> {t('actions.consequenceMore', { count: othersNeeded })}</>
      )}
    </Typography>
  );
}

function approvalsOf({ decisions }: AccessRequest): number {
  return decisions.filter(({ verdict }) => verdict === 'approve').length;
}

/** How many pods match now. What cannot be counted is left out of the sentence. */
function usePodCount(request: AccessRequest): number | undefined {
  const api = useApi(kubernetesAccessApiRef);
  const { entityRef } = request;
  const { value } = useAsync(
    () => api.getEntityAccess(entityRef),
    [api, entityRef],
  );
  return value && podsOf(request, value);
}

function podsOf(
  request: AccessRequest,
  access: EntityAccess,
): number | undefined {
  const targets = access.targets.filter(
    ({ cluster, namespace, problem }) =>
      !problem &&
      cluster.name === request.cluster.name &&
      request.targets.some(target => target.namespace === namespace),
  );
  return targets.length > 0
    ? targets.reduce((sum, { pods }) => sum + pods.length, 0)
    : undefined;
}
