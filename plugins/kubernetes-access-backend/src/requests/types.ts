import type {
  BackstageCredentials,
  BackstageUserPrincipal,
} from '@backstage/backend-plugin-api';
import type { PodSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';

/** The user who calls, with what is known of them. Only user principals ever become one. */
export interface Caller {
  /** Normalised entity ref. */
  userRef: string;
  /** The user and everything that they own through, parent groups included; normalised. */
  ownershipRefs: string[];
  credentials: BackstageCredentials<BackstageUserPrincipal>;
}

/** What the cluster and the catalog say about the pods of a request now. */
export interface TargetPods {
  /** Pods that the request reaches now, at most 200 per grant. */
  matching(request: StoredRequest): Promise<PodSummary[]>;
}
