import { NotFoundError } from '@backstage/errors';
import type { Request } from 'express';
import type { StoredRequest } from '../database/types';
import type { Caller } from '../requests';
import { callerOf } from './callerOf';
import { findForUse } from './findForUse';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addSessionRoutes(api: Api, options: ApiOptions): void {
  const { liveSessions, sessions } = options;

  api.get('/sessions', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await liveSessions.list(caller, req.query));
  });

  api.post('/requests/:id/sessions', async (req, res) => {
    const { caller, request } = await findToUse(req, options);
    const ticket = await sessions.open({ caller, request, session: req.body });
    res.status(201).json(ticket);
  });
}

/**
 * Who opens a terminal is nearly always the requester, who needs no group to see the request. To find out about groups
 * takes longer than everything else that happens before a terminal is there.
 */
async function findToUse(
  req: Request<{ id: string }>,
  options: ApiOptions,
): Promise<{ caller: Caller; request: StoredRequest }> {
  const { id } = req.params;
  try {
    const caller = await callerOf(req, options, { alone: true });
    return { caller, request: await findForUse(caller, id, options) };
  } catch (error) {
    if (!(error instanceof NotFoundError)) {
      throw error;
    }
  }
  const caller = await callerOf(req, options);
  return { caller, request: await findForUse(caller, id, options) };
}
