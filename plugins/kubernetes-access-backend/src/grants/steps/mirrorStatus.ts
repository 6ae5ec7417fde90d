import type {
  AccessRequestResource,
  AccessRequestStatus,
} from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { OUTSIDE_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { canonicalJson } from '../../canonicalJson';
import type { StoredRequest } from '../../database/types';
import { accessRequestsPath, KubeApiError } from '../../kubernetes';
import type { PodChoice } from '../choosePods';
import { findForged } from '../findForged';
import type { GrantContext } from '../GrantContext';
import { buildStatus, isSameStatus } from '../status';

/** The HTTP status of a change that the rules of the CRD do not allow. */
const INVALID = 422;

/** A change of a status, in which `null` takes a field away. */
type StatusPatch = {
  [Field in keyof AccessRequestStatus]?: AccessRequestStatus[Field] | null;
};

/**
 * Writes what is known of the request to the status of its resource, unless it says so already, and puts on record
 * what only somebody else can have written there. Nothing reads the status to decide.
 *
 * The rules of the CRD, which keep us from rewriting what was once said, may also keep us from taking back a forgery.
 * Then the status says of itself that it is not to be believed.
 */
export async function mirrorStatus(
  context: GrantContext,
  options: {
    request: StoredRequest;
    now: Date;
    resource: AccessRequestResource;
    pods?: PodChoice;
  },
): Promise<AccessRequestResource> {
  const { resource, ...rest } = options;
  const status = buildStatus({
    ...rest,
    grantNamespace: context.connection.grantNamespace,
    generation: resource.metadata.generation,
    previous: resource.status,
  });
  if (isSameStatus(resource.status, status)) {
    return resource;
  }
  const forged = findForged(resource.status, status);
  try {
    const written = await patchStatus(context, resource, status);
    if (forged.length > 0) {
      await report(context, options, forged, 'and has been put right');
    }
    return written;
  } catch (error) {
    logIfInvalid(context, resource, error);
  }
  return forged.length > 0
    ? contradict(context, options, status, forged)
    : resource;
}

/** Says beside what cannot be changed what is true. */
async function contradict(
  context: GrantContext,
  options: { request: StoredRequest; resource: AccessRequestResource },
  status: AccessRequestStatus,
  forged: string[],
): Promise<AccessRequestResource> {
  const { resource } = options;
  const { phase: _, startsAt, grantedAt, endedAt, ...free } = status;
  const lasting = forged.filter(field => field !== 'expiresAt');
  const wanted = withoutUnset({
    ...resource.status,
    ...free,
    expiresAt: status.expiresAt,
    grant: status.grant,
    message: `Do not believe this status: ${lasting.join(
      ', ',
    )} of it was written by somebody else and cannot be put right. The request is ${
      status.phase
    }.`,
  });
  if (canonicalJson(resource.status ?? {}) === canonicalJson(wanted)) {
    return resource;
  }
  try {
    const written = await patchStatus(context, resource, wanted);
    await report(context, options, forged, 'and cannot be put right');
    return written;
  } catch (error) {
    logIfInvalid(context, resource, error);
    return resource;
  }
}

/** Nothing waits for a status: it is for people who look with kubectl. */
function logIfInvalid(
  { logger, connection }: GrantContext,
  { metadata }: AccessRequestResource,
  error: unknown,
): void {
  if (!(error instanceof KubeApiError) || error.status !== INVALID) {
    throw error;
  }
  logger.warn(
    `The status of AccessRequest '${metadata.name}' in cluster '${connection.name}' cannot be put right: ${error.message}`,
  );
}

async function patchStatus(
  { connection, resources }: GrantContext,
  { metadata, status }: AccessRequestResource,
  wanted: AccessRequestStatus,
): Promise<AccessRequestResource> {
  const { name, uid, resourceVersion } = metadata;
  const removed = Object.fromEntries(
    Object.keys(status ?? {}).map(field => [field, null]),
  );
  const patch: StatusPatch = { ...removed, ...withoutUnset(wanted) };
  const written = await connection.client.patch<AccessRequestResource>(
    `${accessRequestsPath(name)}/status`,
    'merge',
    { metadata: { uid, resourceVersion }, status: patch },
  );
  resources.note(written);
  return written;
}

function withoutUnset(status: AccessRequestStatus): AccessRequestStatus {
  return Object.fromEntries(
    Object.entries(status).filter(([, value]) => value !== undefined),
  );
}

async function report(
  { audit, connection }: GrantContext,
  {
    request,
    resource,
  }: { request: StoredRequest; resource: AccessRequestResource },
  forged: string[],
  outcome: string,
): Promise<void> {
  await audit.append([
    {
      eventId: 'grant-repair',
      actor: OUTSIDE_ACTOR,
      outcome: 'succeeded',
      requestId: request.id,
      meta: {
        cluster: connection.name,
        found: [
          `${forged.join(', ')} of the status of AccessRequest ${
            resource.metadata.name
          } had been changed ${outcome}`,
        ],
      },
    },
  ]);
}
