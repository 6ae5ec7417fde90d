import { callerOf } from './callerOf';
import type { Api } from './Api';
import { readEntityRef } from '../requests';
import { toApprovers } from './toApi';
import type { ApiOptions } from './types';

export function addEntityRoutes(api: Api, options: ApiOptions): void {
  const { entities, gate, views } = options;

  api.get('/entities/:kind/:namespace/:name/access', async (req, res) => {
    const caller = await callerOf(req, options);
    const { kind, namespace, name } = req.params;
    const entityRef = readEntityRef(`${kind}:${namespace}/${name}`);
    // The entity first: to whom it does not exist, its requests do not either.
    const preview = await entities.describe(entityRef, caller);
    const { requests, toDecide } = await views.ofEntity(caller, entityRef);
    res.json({
      ...preview,
      approvers: toApprovers(preview.approvers),
      requests,
      toDecide,
      maySeeOthers: preview.mayDecide || gate.seesEverything(caller),
    });
  });
}
