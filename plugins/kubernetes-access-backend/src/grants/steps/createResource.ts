import type { AccessRequestResource } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { accessRequestsPath, isConflict } from '../../kubernetes';
import { buildResource } from '../buildResource';
import type { GrantContext } from '../GrantContext';
import type { Facts } from '../plan';
import { recordResource } from './recordResource';

/**
 * Makes the image of the request in the cluster. One that is already there is left to the next look, which compares it.
 */
export async function createResource(
  context: GrantContext,
  { request }: Facts,
): Promise<void> {
  try {
    const created =
      await context.connection.client.create<AccessRequestResource>(
        accessRequestsPath(),
        buildResource(request, context.installationId),
      );
    context.resources.note(created);
    await recordResource(context, request.id, created.metadata.uid ?? '');
  } catch (error) {
    if (!isConflict(error)) {
      throw error;
    }
  }
}
