import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { accessRequestsPath, isNotFound } from '../kubernetes';
import type { GrantContext } from './GrantContext';

/** Reads an AccessRequest from the API server itself, not from what was watched. */
export async function readResource(
  { connection }: Pick<GrantContext, 'connection'>,
  name: string,
): Promise<AccessRequestResource | undefined> {
  try {
    return await connection.client.get<AccessRequestResource>(
      accessRequestsPath(name),
    );
  } catch (error) {
    if (isNotFound(error)) {
      return undefined;
    }
    throw error;
  }
}
