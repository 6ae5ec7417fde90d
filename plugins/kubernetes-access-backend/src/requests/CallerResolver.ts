import type {
  BackstageCredentials,
  BackstageUserPrincipal,
  UserInfoService,
} from '@backstage/backend-plugin-api';
import { NotAllowedError } from '@backstage/errors';
import { normaliseEntityRefs, readUserRef } from './entityRefs';
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

  /**
   * @param options - `alone`: without the groups that they belong to, which takes several questions to others
   * @throws NotAllowedError for anything but a user's own credentials
   */
  async callerOf(
    credentials: BackstageCredentials,
    options?: { alone?: boolean },
  ): Promise<Caller> {
    if (!isUser(credentials)) {
      throw new NotAllowedError(
        'Only people can use Kubernetes Access; sign in as a user',
      );
    }
    const userRef = personOf(credentials.principal.userEntityRef);
    return {
      userRef,
      ownershipRefs: options?.alone
        ? [userRef]
        : await this.#ownershipOf(userRef, credentials),
      credentials,
    };
  }

  async #ownershipOf(
    userRef: string,
    credentials: BackstageCredentials<BackstageUserPrincipal>,
  ): Promise<string[]> {
    const { ownershipEntityRefs } = await this.#userInfo.getUserInfo(
      credentials,
    );
    return this.#withParents([
      ...new Set([userRef, ...normaliseEntityRefs(ownershipEntityRefs)]),
    ]);
  }
}

/**
 * One person has one name. A sign-in that hands out a group's name, or one that only looks like somebody's, makes
 * nobody that could be told apart.
 */
function personOf(ref: string): string {
  const userRef = readUserRef(ref);
  if (!userRef) {
    throw new NotAllowedError(
      'Your sign-in gave you a name that Kubernetes Access cannot tell from others. It must be a user in the form user:namespace/name, in letters, digits and punctuation of ASCII; ask the platform team.',
    );
  }
  return userRef;
}

function isUser(
  credentials: BackstageCredentials,
): credentials is BackstageCredentials<BackstageUserPrincipal> {
  const principal = credentials.principal as { type?: unknown };
  return principal?.type === 'user';
}
