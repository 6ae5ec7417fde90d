import type {
  AccessRequestPhase,
  AccessRequestStatus,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** Once the record says one of these, it always says the same. */
const INSTANTS = ['startsAt', 'grantedAt', 'expiresAt', 'endedAt'] as const;

const PROGRESS: Record<AccessRequestPhase, number> = {
  Pending: 0,
  Approved: 1,
  Active: 2,
  Denied: 3,
  Expired: 3,
  Revoked: 3,
  Cancelled: 3,
  Failed: 3,
};

/**
 * The fields of a resource's status that cannot come from us, given what the record says: instants that are not on
 * record, and a phase that the request never was in.
 */
export function findForged(
  actual: AccessRequestStatus | undefined,
  wanted: AccessRequestStatus,
): string[] {
  const instants: string[] = INSTANTS.filter(
    field => actual?.[field] !== undefined && actual[field] !== wanted[field],
  );
  return isForgedPhase(actual?.phase, wanted.phase)
    ? ['phase', ...instants]
    : instants;
}

function isForgedPhase(
  actual: AccessRequestPhase | undefined,
  wanted: AccessRequestPhase | undefined,
): boolean {
  return (
    actual !== undefined &&
    wanted !== undefined &&
    actual !== wanted &&
    PROGRESS[actual] >= PROGRESS[wanted]
  );
}
