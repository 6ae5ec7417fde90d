import type { ApproverSummary } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isGuest } from '../permissions/guests';
import type { ApproverFinder } from '../requests';

/** How many approvers a request keeps. Nobody waits for the two hundred and first. */
const MAX_APPROVERS = 200;

/**
 * Finds approvers: the people of the owners, and where those are too few without the requester, the fallback
 * approvers as well, so that a request never waits for nobody.
 */
export class OwnerApprovers implements ApproverFinder {
  readonly #usersOf: (refs: string[]) => Promise<string[]>;
  readonly #fallbackApprovers: string[];
  readonly #approvals: number;

  /** @param options - `usersOf` resolves users and groups to users; `approvals` is how many must agree */
  constructor(options: {
    usersOf(refs: string[]): Promise<string[]>;
    fallbackApprovers: string[];
    approvals: number;
  }) {
    this.#usersOf = options.usersOf;
    this.#fallbackApprovers = options.fallbackApprovers;
    this.#approvals = options.approvals;
  }

  async find(question: {
    requester: string;
    owners: string[];
  }): Promise<ApproverSummary> {
    const { requester, owners } = question;
    const ofOwners = await this.#peopleOf(owners, requester);
    if (
      ofOwners.length >= this.#approvals ||
      this.#fallbackApprovers.length === 0
    ) {
      return { owners, users: ofOwners };
    }
    const all = [...new Set([...owners, ...this.#fallbackApprovers])];
    return { owners: all, users: await this.#peopleOf(all, requester) };
  }

  async #peopleOf(owners: string[], requester: string): Promise<string[]> {
    const users = await this.#usersOf(owners);
    return users
      .filter(user => user !== requester && !isGuest(user))
      .slice(0, MAX_APPROVERS);
  }
}
