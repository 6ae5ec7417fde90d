import type { HttpAuthService } from '@backstage/backend-plugin-api';
import type { Request } from 'express';
import { readUserRef } from '../requests';

/** As whom the audit trail knows somebody who showed nothing that proves who they are. */
const UNAUTHENTICATED = 'unauthenticated';

const MAX_LENGTH = 200;

/** Who sent a request, in words for the audit trail, whether or not they may call this API at all. */
export async function actorOf(
  request: Pick<Request, 'headers'>,
  { httpAuth }: { httpAuth: HttpAuthService },
): Promise<string> {
  try {
    const { principal } = await httpAuth.credentials(request as Request, {
      allowLimitedAccess: true,
    });
    const { type, userEntityRef, subject } = principal as {
      type?: string;
      userEntityRef?: string;
      subject?: string;
    };
    if (type === 'user' && userEntityRef) {
      return (
        readUserRef(userEntityRef) ?? quoted('unclear user', userEntityRef)
      );
    }
    return type === 'service' && subject
      ? quoted('service', subject)
      : UNAUTHENTICATED;
  } catch {
    return UNAUTHENTICATED;
  }
}

/** In ASCII, so that what only looks like a name does not look like it here. */
function quoted(kind: string, name: string): string {
  const text = JSON.stringify(name.slice(0, MAX_LENGTH)).replace(
    /[^ -~]/g,
    char => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
  return `${kind} ${text}`;
}
