import { callerFor } from './callerFor';
import { callerOf } from './callerOf';
import { findForUse } from './findForUse';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addSessionRoutes(api: Api, options: ApiOptions): void {
  const { gate, liveSessions, sessions } = options;

  api.get('/sessions', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await liveSessions.list(caller, req.query));
  });

  api.post('/requests/:id/sessions', async (req, res) => {
    const { caller, own } = await callerFor(req, options);
    if (own) {
      // Asked for by the two that follow, in one question.
      gate.askAhead(caller, 'openSession', own);
    }
    const permitted = findForUse(caller, req.params.id, options);
    const request = own ?? (await permitted);
    const session = req.body;
    const ticket = await sessions.open({ caller, request, session, permitted });
    res.status(201).json(ticket);
  });
}
