import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { normaliseEntityRef, normaliseEntityRefs } from './entityRefs';
import type { Caller } from './types';

/** Finds out who calls and what they own. */
export class CallerResolver {
  readonly #userInfo: UserInfoService;
  readonly #withParents: (refs: string[]) => Promise<string[]>;

  /**
   * @param options - `withParents` adds the groups above the groups among refs
   */
  constructor(options: {
    userInfo: UserInfoService;
    withParents(refs: string[]): Promise<string[]>;
  }) {
    this.#userInfo = options.userInfo;
    this.#withParents = options.withParents;
  }

  /** @throws NotAllowedError for anything but a user's own credentials */
  async callerOf(credentials: BackstageCredentials): Promise<Caller> {
    if (!isUser(credentials)) {
      throw new NotAllowedError(
        'Only people can use Kubernetes Access; sign in as a user',
      );
    }
    const userRef = normaliseEntityRef(credentials.principal.userEntityRef);
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      credentials,
    );
    return {
      userRef,
      ownershipRefs: await this.#withParents([
        ...new Set([userRef, ...normaliseEntityRefs(ownershipEntityRefs)]),
      ]),
      credentials,
    };
  }
}

function isUser(
  credentials: BackstageCredentials,
): credentials is BackstageCredentials<BackstageUserPrincipal> {
  const principal = credentials.principal as { type?: unknown };
  return principal?.type === 'user';
}
