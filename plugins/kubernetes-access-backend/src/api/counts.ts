import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addCountRoutes(api: Api, options: ApiOptions): void {
  const { clusterViews, gate, views } = options;

  api.get('/counts', async (req, res) => {
    const caller = await callerOf(req, options);
    const [counts, isAdmin] = await Promise.all([
      views.counts(caller),
      gate.mayAdminister(caller),
    ]);
    res.json(
      isAdmin ? { ...counts, clusterAlarms: clusterViews.alarms() } : counts,
    );
  });
}
