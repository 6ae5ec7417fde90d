import type { Request } from 'express';
import type { Caller } from '../requests';
import type { ApiOptions } from './types';

const answersOf = new WeakMap<object, Map<string, Promise<boolean>>>();

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
  return {
    ...(await callers.callerOf(credentials, who)),
    answers: answersIn(request),
  };
}

/** One call of the API may ask twice who it comes from. */
function answersIn(request: object): Map<string, Promise<boolean>> {
  const answers = answersOf.get(request) ?? new Map();
  answersOf.set(request, answers);
  return answers;
}
