import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';

/** The user who calls, with what is known of them. Only user principals ever become one. */
export interface Caller {
  /** Normalised entity ref. */
  userRef: string;
  /** The user and everything that they own through, parent groups included; normalised. */
  ownershipRefs: string[];
  credentials: BackstageCredentials<BackstageUserPrincipal>;
  /**
   * What the permission framework says while one call of the API is answered, so that nothing is asked twice for it.
   * It ends with the answer: whoever keeps a caller for longer has none.
   */
  answers?: Map<string, Promise<boolean>>;
}
