/** The API server refused a call. */
export class KubeApiError extends Error {
  /** The HTTP status. */
  readonly status: number;
  /** Kubernetes' word for it, e.g. `AlreadyExists`. */
  readonly reason?: string;

  constructor(options: { status: number; reason?: string; message: string }) {
    super(options.message);
    this.name = 'KubeApiError';
    this.status = options.status;
    this.reason = options.reason;
  }
}

/** The API server could not be reached, or did not answer in time. */
export class KubeConnectionError extends Error {
  constructor(message: string, options?: { cause: unknown }) {
    super(message, options);
    this.name = 'KubeConnectionError';
  }
}

/** The API server does not know who we are. */
export function isUnauthorized(error: unknown): boolean {
  return statusOf(error) === 401;
}

export function isNotFound(error: unknown): boolean {
  return statusOf(error) === 404;
}

/** Something is already there, or was changed since it was read. */
export function isConflict(error: unknown): boolean {
  return statusOf(error) === 409;
}

export function isForbidden(error: unknown): boolean {
  return statusOf(error) === 403;
}

/** The resource version is too old for the API server. */
export function isGone(error: unknown): boolean {
  return statusOf(error) === 410;
}

function statusOf(error: unknown): number | undefined {
  return error instanceof KubeApiError ? error.status : undefined;
}

/**
 * What the body of a refusal says: a `Status` of Kubernetes, or whatever a proxy in between wrote.
 *
 * @param what - the call, e.g. `GET /api/v1/pods`
 */
export function apiErrorFrom(
  what: string,
  status: number,
  body: string,
): KubeApiError {
  const parsed = parseStatus(body);
  return new KubeApiError({
    status,
    reason: parsed.reason,
    message: `${what}: ${
      parsed.message ?? `the API server answered with status ${status}`
    }`,
  });
}

function parseStatus(body: string): { reason?: string; message?: string } {
  try {
    const { kind, reason, message } = JSON.parse(body) ?? {};
    return kind === 'Status' ? { reason, message } : {};
  } catch {
    return {};
  }
}

/** This process is not the one that looks after a cluster, so it changes nothing in it. */
export class NotLeadingError extends Error {
  constructor(message: string) {
    super(message);
    this.name = 'NotLeadingError';
  }
}
