import type { Request } from 'express';
import type { StoredRequest } from '../database/types';
import type { Caller } from '../requests';
import { callerOf } from './callerOf';
import type { ApiOptions } from './types';

/**
 * Who sent a call about one request; without the groups that they belong to where it is their own, which is theirs
 * whatever those are. To find out about groups takes longer than everything else that happens before a terminal is
 * there.
 */
export async function callerFor(
  req: Request<{ id: string }>,
  options: ApiOptions,
): Promise<{ caller: Caller; own?: StoredRequest }> {
  const [alone, request] = await Promise.all([
    callerOf(req, options, { alone: true }),
    options.views.read(req.params.id),
  ]);
  return request?.requester === alone.userRef
    ? { caller: alone, own: request }
    : { caller: await callerOf(req, options) };
}
