import type { PermissionsService } from '@backstage/backend-plugin-api';
import type { BasicPermission } from '@backstage/plugin-permission-common';
import { AuthorizeResult } from '@backstage/plugin-permission-common';

/** One question to a permission policy. */
export interface PolicyQuestion {
  user: string;
  permission: string;
  /** What it is about: an entity ref or the id of a request. */
  resource?: string;
}

/** A permission framework whose policy is a function, and that has evaluated its conditions already. */
export function policyOf(
  allows: (question: PolicyQuestion) => boolean | Promise<boolean>,
): PermissionsService {
  const authorize: PermissionsService['authorize'] = async (
    requests,
    { credentials },
  ) => {
    const { userEntityRef } = credentials.principal as {
      userEntityRef: string;
    };
    return Promise.all(
      requests.map(async ({ permission, ...rest }) => {
        const isAllowed = await allows({
          user: userEntityRef,
          permission: (permission as BasicPermission).name,
          resource: (rest as { resourceRef?: string }).resourceRef,
        });
        return {
          result: isAllowed ? AuthorizeResult.ALLOW : AuthorizeResult.DENY,
        };
      }),
    );
  };
  return {
    authorize,
    authorizeConditional: async () => {
      throw new Error('No condition is asked for');
    },
  };
}
