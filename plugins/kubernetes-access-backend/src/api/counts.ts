import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addCountRoutes(api: Api, options: ApiOptions): void {
  api.get('/counts', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await options.views.counts(caller));
  });
}
