import { NotFoundError } from '@backstage/errors';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

/** How the clusters are: for admins. For everybody else there is nothing. */
export function addClusterRoutes(api: Api, options: ApiOptions): void {
  const { clusterViews, gate } = options;

  api.get('/clusters', async (req, res) => {
    const caller = await callerOf(req, options);
    if (!(await gate.mayAdminister(caller))) {
      throw new NotFoundError('There is nothing here');
    }
    res.json({ items: await clusterViews.list() });
  });
}
