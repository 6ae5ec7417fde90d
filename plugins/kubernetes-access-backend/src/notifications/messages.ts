import type { RecordEntry } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import { SYSTEM_ACTOR } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';
import type { StoredRequest } from '../database/types';
import type { Names } from '../requests/entityRefs';

/** What to tell whom about a request. */
export interface Message {
  /** Entity refs of users. */
  recipients: string[];
  title: string;
  description: string;
  /** As notifications show it: high with a warning sign, normal with a tick, low in passing. */
  severity: 'low' | 'normal' | 'high';
}

/** The message about an entry of the record, if anybody is to be told. */
export function messageAbout(
  request: StoredRequest,
  entry: RecordEntry,
  names: Pick<Names, 'of'>,
): Message | undefined {
  switch (entry.kind) {
    case 'asked':
      return asked(request, names);
    case 'decided':
      return decided(request, entry, names);
    case 'ended':
      return ended(request, entry, names);
    default:
      return undefined;
  }
}

function asked(request: StoredRequest, names: Pick<Names, 'of'>): Message {
  const { terms, requester, approvers } = request;
  return {
    recipients: approvers.users.filter(user => user !== requester),
    title: `${names.of(requester)} asks for access to ${names.of(
      terms.entityRef,
    )}`,
    description: `A shell in the pods for ${inWords(
      terms.durationSeconds,
    )}, because: ${terms.reason}`,
    severity: 'high',
  };
}

function decided(
  request: StoredRequest,
  { actor, verdict, comment }: Extract<RecordEntry, { kind: 'decided' }>,
  names: Pick<Names, 'of'>,
): Message {
  const entity = names.of(request.terms.entityRef);
  const isApproval = verdict === 'approve';
  return {
    recipients: [request.requester],
    title: `${names.of(actor)} ${
      isApproval ? 'approved' : 'denied'
    } your access to ${entity}`,
    description: comment ?? (isApproval ? whatNow(request) : ''),
    severity: isApproval ? 'normal' : 'high',
  };
}

function whatNow({ approvals, terms }: StoredRequest): string {
  return approvals > 1
    ? `${approvals} approvals are needed.`
    : `You can open a terminal for ${inWords(terms.durationSeconds)}.`;
}

function ended(
  request: StoredRequest,
  { actor, reason, comment }: Extract<RecordEntry, { kind: 'ended' }>,
  names: Pick<Names, 'of'>,
): Message | undefined {
  if (actor === request.requester) {
    return undefined;
  }
  const entity = names.of(request.terms.entityRef);
  const hasStarted = request.entries.some(({ kind }) => kind === 'started');
  const titles: Record<typeof reason, string> = {
    expired: hasStarted
      ? `Your access to ${entity} has ended: the time is up`
      : `Your request for ${entity} has ended: it was not granted in time`,
    cancelled: `Your access to ${entity} has ended`,
    revoked: `${personIn(actor, names)} revoked your access to ${entity}`,
    deleted: `Your access to ${entity} was deleted in the cluster`,
    tampered: `Your access to ${entity} was ended: it had been changed in the cluster`,
    failed: `Your access to ${entity} could not be set up`,
  };
  return {
    recipients: [request.requester],
    title: titles[reason],
    description: comment ?? '',
    severity: reason === 'expired' ? 'low' : 'high',
  };
}

function personIn(actor: string, names: Pick<Names, 'of'>): string {
  return actor === SYSTEM_ACTOR || !actor.includes(':')
    ? 'Kubernetes Access'
    : names.of(actor);
}

/** A duration as people say it. */
function inWords(seconds: number): string {
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor((seconds % 3600) / 60);
  const parts = [
    ...(hours > 0 ? [`${hours} h`] : []),
    ...(minutes > 0 ? [`${minutes} min`] : []),
  ];
  return parts.length > 0 ? parts.join(' ') : `${seconds} s`;
}
