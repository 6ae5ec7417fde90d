import { NotAllowedError } from '@backstage/errors';
import type { RequestReview } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import { unionOfTraits } from '../kubernetes';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

/** More of what somebody did before nobody reads. */
const MAX_EARLIER = 5;

export function addReviewRoutes(api: Api, options: ApiOptions): void {
  const { pods, views } = options;

  api.get('/requests/:id/review', async (req, res) => {
    const caller = await callerOf(req, options);
    const request = await views.find(caller, req.params.id);
    if (!(await views.canDecide(caller, request))) {
      throw new NotAllowedError(
        'Only those who can decide on a request now can review it',
      );
    }
    const { requester, terms } = request;
    const [reached, { items }] = await Promise.all([
      reachedBy(request),
      views.list(caller, {
        scope: 'all',
        entityRef: terms.entityRef,
        search: requester,
        limit: 2 * MAX_EARLIER,
      }),
    ]);
    const review: RequestReview = {
      ...(reached ? { pods: reached.length } : {}),
      traits: unionOfTraits(reached ?? []),
      earlier: items
        .filter(one => one.requester === requester && one.id < request.id)
        .slice(0, MAX_EARLIER),
    };
    res.json(review);
  });

  /** A cluster that is away keeps nobody from deciding. */
  async function reachedBy(request: StoredRequest) {
    try {
      return await pods.matching(request);
    } catch {
      return undefined;
    }
  }
}
