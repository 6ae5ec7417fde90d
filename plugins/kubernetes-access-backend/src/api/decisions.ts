import type { AccessRequestDetail } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { Request } from 'express';
import type { Standing } from '../approvals';
import { readText } from '../requests';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addDecisionRoutes(api: Api, options: ApiOptions): void {
  const { approvals, views } = options;

  api.post('/requests/:id/approve', async (req, res) => {
    res.json(await decide(req, 'approve', req.body));
  });

  api.post('/requests/:id/deny', async (req, res) => {
    res.json(await decide(req, 'deny', req.body));
  });

  async function decide(
    req: Request<{ id: string }>,
    verdict: 'approve' | 'deny',
    { digest, comment = '' }: { digest: string; comment?: string },
  ): Promise<AccessRequestDetail> {
    const { id } = req.params;
    const standing = await askAhead(req, verdict);
    const caller = await callerOf(req, options);
    const { request, isAllowed } = await views.findFor(caller, 'decide', id);
    const decided = await approvals.decide(
      request,
      { verdict, digest, comment: readText('comment', comment) },
      caller,
      isAllowed,
      standing?.now,
    );
    return views.detailOf(caller, decided);
  }

  /**
   * What the decision will be judged by is asked for while it is found out who decides; for those who were named when
   * the request was made, and for nobody else.
   */
  async function askAhead(
    req: Request<{ id: string }>,
    verdict: 'approve' | 'deny',
  ): Promise<{ now: Promise<Standing> } | undefined> {
    const [caller, request] = await Promise.all([
      callerOf(req, options, { alone: true }),
      views.read(req.params.id),
    ]);
    if (!request?.approvers.users.includes(caller.userRef)) {
      return undefined;
    }
    const now = approvals.standing(request, { verdict });
    // Who is turned away never hears of it.
    now.catch(() => {});
    return { now };
  }
}
