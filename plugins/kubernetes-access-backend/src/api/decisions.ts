import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Caller } from '../requests';
import { readText } from '../requests';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addDecisionRoutes(api: Api, options: ApiOptions): void {
  const { approvals, views } = options;

  api.post('/requests/:id/approve', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await decide(caller, req.params.id, 'approve', req.body));
  });

  api.post('/requests/:id/deny', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await decide(caller, req.params.id, 'deny', req.body));
  });

  async function decide(
    caller: Caller,
    id: string,
    verdict: 'approve' | 'deny',
    { digest, comment = '' }: { digest: string; comment?: string },
  ): Promise<AccessRequestDetail> {
    const { request, isAllowed } = await views.findFor(caller, 'decide', id);
    const decided = await approvals.decide(
      request,
      { verdict, digest, comment: readText('comment', comment) },
      caller,
      isAllowed,
    );
    return views.detailOf(caller, decided);
  }
}
