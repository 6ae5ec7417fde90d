import { callerOf } from './callerOf';
import { demandUse } from './demandUse';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addSessionRoutes(api: Api, options: ApiOptions): void {
  const { liveSessions, sessions, views } = options;

  api.get('/sessions', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await liveSessions.list(caller, req.query));
  });

  api.post('/requests/:id/sessions', async (req, res) => {
    const caller = await callerOf(req, options);
    const request = await views.find(caller, req.params.id);
    await demandUse(caller, request, options);
    const ticket = await sessions.open({ caller, request, session: req.body });
    res.status(201).json(ticket);
  });
}
