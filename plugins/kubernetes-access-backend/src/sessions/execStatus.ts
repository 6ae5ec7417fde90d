/** How a shell ended, as the API server tells it on the error channel. */
export interface ExecOutcome {
  /** The exit code; null when the command could not be run or the stream broke. */
  code: number | null;
  /** What the API server or the container runtime says, when the command could not be run. */
  message?: string;
  /** The container has no `sh`. */
  noShell: boolean;
}

/** More than any Status has; a longer one is not kept. */
export const MAX_STATUS_BYTES = 64 * 1024;

const MAX_MESSAGE_LENGTH = 500;

/** What container runtimes say when the command's file does not exist. */
const NO_SUCH_COMMAND =
  /executable file not found|no such file or directory|stat [^ ]*sh: /i;

/** Exit codes by which runtimes tell that the command could not be started. */
const COULD_NOT_START = [126, 127];

/**
 * Reads the payload of the error channel: a Kubernetes Status as JSON (since v4 of the protocol).
 *
 * @param used - whether anything was typed; a shell that ends with 127 by itself was there
 * @returns undefined when the payload is not a whole Status
 */
export function readExecStatus(
  payload: Buffer,
  used: boolean,
): ExecOutcome | undefined {
  const status = parse(payload);
  if (!status) {
    return undefined;
  }
  if (status.status === 'Success') {
    return { code: 0, noShell: false };
  }
  const message = String(status.message ?? '').slice(0, MAX_MESSAGE_LENGTH);
  const code = exitCodeOf(status);
  if (code !== undefined && (used || !COULD_NOT_START.includes(code))) {
    return { code, noShell: false };
  }
  return {
    code: code ?? null,
    ...(message ? { message } : {}),
    noShell: code !== undefined || NO_SUCH_COMMAND.test(message),
  };
}

interface Status {
  status?: unknown;
  reason?: unknown;
  message?: unknown;
  details?: { causes?: unknown } | null;
}

function parse(payload: Buffer): Status | undefined {
  try {
    const value: unknown = JSON.parse(payload.toString('utf8'));
    return typeof value === 'object' && value !== null ? value : undefined;
  } catch {
    return undefined;
  }
}

function exitCodeOf(status: Status): number | undefined {
  if (status.reason !== 'NonZeroExitCode') {
    return undefined;
  }
  const causes = status.details?.causes;
  if (!Array.isArray(causes)) {
    return undefined;
  }
  const cause = causes.find(
    (candidate: { reason?: unknown } | null) =>
      candidate?.reason === 'ExitCode',
  );
  const code = Number.parseInt(String(cause?.message), 10);
  return Number.isInteger(code) ? code : undefined;
}
