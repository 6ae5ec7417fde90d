import { callerFor } from './callerFor';
import { callerOf } from './callerOf';
import type { Api } from './Api';
import type { ApiOptions } from './types';

export function addRequestRoutes(api: Api, options: ApiOptions): void {
  const { requests, views } = options;

  api.get('/requests', async (req, res) => {
    const caller = await callerOf(req, options);
    res.json(await views.list(caller, req.query));
  });

  api.post('/requests', async (req, res) => {
    const caller = await callerOf(req, options);
    const request = await requests.create(
      req.body,
      caller,
      req.header('Idempotency-Key'),
    );
    res.status(201).json(await views.detailOf(caller, request));
  });

  api.get('/requests/:id', async (req, res) => {
    const { caller } = await callerFor(req, options);
    res.json(await views.detail(caller, req.params.id));
  });
}
