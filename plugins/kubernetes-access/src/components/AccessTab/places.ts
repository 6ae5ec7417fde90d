import type {
  AccessProblem,
  AccessRequest,
  EntityAccess,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { isTerminal } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** The requests of the reader that the state line tells of: all that are open, or else how the latest one ended. */
export function currentRequests({ requests }: EntityAccess): AccessRequest[] {
  const open = openRequests({ requests });
  return open.length > 0 ? open : requests.slice(0, 1);
}

export function openRequests({
  requests,
}: Pick<EntityAccess, 'requests'>): AccessRequest[] {
  return requests.filter(({ phase }) => !isTerminal(phase));
}

/** Why nothing at all can be asked for, if so. */
export function blockingProblem({
  problem,
  targets,
}: Pick<EntityAccess, 'problem' | 'targets'>): AccessProblem | undefined {
  const isBlocked =
    targets.length > 0 && targets.every(target => target.problem);
  return problem ?? (isBlocked ? targets[0].problem : undefined);
}

/** What can be asked for now: where a request is open, another one would be the same; after a denial there is a pause. */
export function withoutOpenPlaces(access: EntityAccess): EntityAccess {
  const taken = access.requests.filter(
    ({ phase, askAgainAt }) => !isTerminal(phase) || askAgainAt,
  );
  return {
    ...access,
    targets: access.targets.filter(
      target =>
        !taken.some(
          request =>
            request.cluster.name === target.cluster.name &&
            request.targets.some(
              ({ namespace }) => namespace === target.namespace,
            ),
        ),
    ),
  };
}
