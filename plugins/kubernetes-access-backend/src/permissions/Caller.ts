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
}
