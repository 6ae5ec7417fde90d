import type { Request } from 'express';
import type { Caller } from '../requests';
import type { ApiOptions } from './types';

/**
 * Who sent a request; only users get past this.
 *
 * @param who - `alone`: without the groups that they belong to
 */
export async function callerOf(
  request: Pick<Request, 'headers'>,
  { httpAuth, callers }: Pick<ApiOptions, 'httpAuth' | 'callers'>,
  who?: { alone?: boolean },
): Promise<Caller> {
  const credentials = await httpAuth.credentials(request as Request, {
    allow: ['user'],
  });
  return callers.callerOf(credentials, who);
}
