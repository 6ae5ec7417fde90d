import { ConflictError } from '@backstage/errors';
import { callerFor } from './callerFor';
import { findForUse } from './findForUse';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addPodRoutes(api: Api, options: ApiOptions): void {
  const { pods, views } = options;

  api.get('/requests/:id/pods', async (req, res) => {
    const { caller } = await callerFor(req, options);
    const request = await findForUse(caller, req.params.id, options);
    const phase = await views.phaseOf(request);
    if (phase !== 'Approved' && phase !== 'Active') {
      throw new ConflictError(
        `This request gives no access now: it is ${phase.toLocaleLowerCase(
          'en-US',
        )}`,
      );
    }
    res.json({ items: await pods.matching(request) });
  });
}
