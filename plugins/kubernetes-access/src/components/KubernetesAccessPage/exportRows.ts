import type { AccessRequest } from '@kubernetes-access/backstage-plugin-kubernetes-access-common';

/** The columns of an export, and what stands in them. */
const COLUMNS: Record<
  string,
  (request: AccessRequest) => string | number | undefined
> = {
  id: request => request.id,
  phase: request => request.phase,
  asked_at: request => request.createdAt,
  asked_by: request => request.requester,
  entity: request => request.entityRef,
  cluster: request => request.cluster.name,
  namespaces: request =>
    request.targets.map(({ namespace }) => namespace).join(' '),
  level: request => request.accessLevel,
  duration_seconds: request => request.durationSeconds,
  reason: request => request.reason,
  decisions: request =>
    request.decisions
      .map(({ actor, verdict, at }) => `${verdict} by ${actor} at ${at}`)
      .join('; '),
  started_at: request => request.startsAt,
  expires_at: request => request.expiresAt,
  ended_at: request => request.endedAt,
  ended_by: request => request.endedBy,
  end_reason: request => request.endReason,
  end_comment: request => request.endComment,
  removal: request => request.removal.state,
};

/** The requests as a table for spreadsheets (RFC 4180), without what the reader may do with them. */
export function toCsv(requests: AccessRequest[]): string {
  const rows = [
    Object.keys(COLUMNS),
    ...requests.map(request =>
      Object.values(COLUMNS).map(value => value(request)),
    ),
  ];
  return rows.map(row => `${row.map(toField).join(',')}\r\n`).join('');
}

/** The requests as the API has them, without what is only true for the reader and now. */
export function toJson(requests: AccessRequest[]): string {
  const facts = requests.map(({ actions: _, asOf: __, ...rest }) => rest);
  return `${JSON.stringify(facts, null, 2)}\n`;
}

/** What somebody wrote must not become a formula when it is opened. */
function toField(value: string | number | undefined): string {
  const text = String(value ?? '');
  const harmless = /^[=+\-@\t\r]/.test(text) ? `'${text}` : text;
  return /[",\r\n]/.test(harmless)
    ? `"${harmless.replace(/"/g, '""')}"`
    : harmless;
}
