import type { ApproverSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isGuest } from '../requests/guests';

/** How many approvers a request keeps. Beyond that, people are still found through the owners. */
export const MAX_APPROVERS = 200;

/** What the approvers of a request follow from. */
export interface ApproverSources {
  requester: string;
  /** Owners of the entity to whom the target opens. */
  owners: string[];
  fallbackApprovers: string[];
  /** How many must agree. */
  approvals: number;
  /** Resolves owners to people. */
  usersOf(refs: string[]): Promise<string[]>;
}

/**
 * Who can decide: people of the owners, and where those are too few without the requester, the fallback approvers
 * as well, so that a request never waits for nobody.
 */
export async function findApprovers(
  sources: ApproverSources,
): Promise<ApproverSummary> {
  const { owners, fallbackApprovers, requester } = sources;
  const ofOwners = withoutUnfit(await sources.usersOf(owners), requester);
  if (ofOwners.length >= sources.approvals || fallbackApprovers.length === 0) {
    return { owners, users: ofOwners };
  }
  const all = [...new Set([...owners, ...fallbackApprovers])];
  return {
    owners: all,
    users: withoutUnfit(await sources.usersOf(all), requester),
  };
}

function withoutUnfit(users: string[], requester: string): string[] {
  return users
    .filter(user => user !== requester && !isGuest(user))
    .slice(0, MAX_APPROVERS);
}
