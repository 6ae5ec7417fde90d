/**
 * The environment variable that names the session in the processes that it starts.
 * Ids have a fixed length, so that none is a part of another.
 */
export const SESSION_MARKER = 'KUBERNETES_ACCESS_SESSION';

/** Marks stay clear of limits that a container could really have, and within 31 bits for every `ulimit`. */
const MIN_MARK = 1_000_000;
const MAX_MARK = 2 ** 31 - 1;

/**
 * What runs in the container. It lowers the hard limit of file locks to the session's mark: everything that the
 * session starts inherits it over fork, exec, setsid and su, and raising it again needs CAP_SYS_RESOURCE, so that
 * the session's processes can be told from the container's own when it ends.
 *
 * The limit is `-x` in busybox and bash, `-w` in dash. Where neither works the shell starts all the same: the
 * marker in the environment is left. The choice of the shell happens here, so that it costs no second exec.
 *
 * The text is constant; what differs comes as arguments ($1 mark, $2 session).
 */
const SCRIPT = [
  `export ${SESSION_MARKER}="$2" TERM=xterm-256color`,
  'ulimit -x "$1" 2>/dev/null || ulimit -w "$1" 2>/dev/null || :',
  'if command -v bash >/dev/null 2>&1; then exec bash; fi',
  'exec sh',
].join('\n');

/** The command of a session's exec. */
export function shellCommand(session: { id: string; mark: number }): string[] {
  return [
    'sh',
    '-c',
    SCRIPT,
    'kubernetes-access',
    String(session.mark),
    session.id,
  ];
}

/**
 * A mark for a new session.
 *
 * @param random - gives an integer from `min` up to, but without, `max`, as node:crypto's `randomInt` does
 */
export function createMark(
  random: (min: number, max: number) => number,
): number {
  return random(MIN_MARK, MAX_MARK);
}
