import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

export interface RequestActionProps {
  request: AccessRequest;
  /** The request is another one now, and wants to be looked at again. */
  onChanged(): void | Promise<void>;
}
