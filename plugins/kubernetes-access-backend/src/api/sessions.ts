import { NotAllowedError } from '@backstage/errors';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addSessionRoutes(api: Api, options: ApiOptions): void {
  const { gate, sessions, views } = options;

  api.post('/requests/:id/sessions', async (req, res) => {
    const caller = await callerOf(req, options);
    const request = await views.find(caller, req.params.id);
    if (!(await gate.may(caller, 'openSession', request))) {
      throw new NotAllowedError('Only its requester can use a request');
    }
    const ticket = await sessions.open({ caller, request, session: req.body });
    res.status(201).json(ticket);
  });
}
