import { useApi } from '@backstage/core-plugin-api';
import type {
  AccessRequest,
  RequestReview,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import useAsync from 'react-use/esm/useAsync';
import { kubernetesAccessApiRef } from '../../api';

/** What there is to know beside what a request says. Nothing depends on it: what cannot be found out is left out. */
export interface ReviewState {
  isLoading: boolean;
  review?: RequestReview;
}

export function useReview({
  id,
  actions,
}: Pick<AccessRequest, 'id' | 'actions'>): ReviewState {
  const api = useApi(kubernetesAccessApiRef);
  const { decide } = actions;
  const { loading, value } = useAsync(
    async () => (decide ? await api.reviewRequest(id) : undefined),
    [api, id, decide],
  );
  return { isLoading: loading, review: value };
}
