import type {
  ApproverSummary,
  PodSummary,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';

export type { Caller } from '../permissions/Caller';

/** What the cluster and the catalog say about the pods of a request now. */
export interface TargetPods {
  /** Pods that the request reaches now, at most 200 per grant. */
  matching(request: StoredRequest): Promise<PodSummary[]>;
}

/** Finds out who could decide on a request. */
export interface ApproverFinder {
  /** @param owners - the owners of the entity to whom the target opens */
  find(question: {
    requester: string;
    owners: string[];
  }): Promise<ApproverSummary>;
}
