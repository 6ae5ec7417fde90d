/**
 * The environment variable that names the session in the processes that it starts.
 * Ids have a fixed length, so that none is a part of another.
 */
export const SESSION_MARKER = 'KUBERNETES_ACCESS_SESSION';

/**
 * What the session's processes wear: two hard limits that Linux keeps and does not enforce, file locks and the size
 * of resident memory, whose sum is always this. A limit can be lowered by anybody and raised by nobody without
 * CAP_SYS_RESOURCE. To wear another session's pair, one of the two would have to be raised: no session can pass its
 * processes off as another one's.
 */
export const MARK_SUM = 2 ** 32;

/** Marks stay clear of limits that a container could really have, and within 31 bits for every `ulimit`. */
const MIN_MARK = 1_000_000;
const MAX_MARK = 2 ** 31 - 1;

/**
 * What runs in the container. It lowers the two hard limits to the session's pair: everything that the session
 * starts inherits them over fork, exec, setsid and su, so that its processes can be told from the container's own
 * when it ends. The sizes are some terabytes, for programs that look at them.
 *
 * The limit of locks is `-x` in busybox and bash, `-w` in dash. Where they do not work the shell starts all the same:
 * the marker in the environment is left. The choice of the shell happens here, so that it costs no second exec.
 *
 * The text is constant; what differs comes as arguments ($1 mark, $2 session, $3 the other half in kilobytes).
 */
const SCRIPT = [
  `export ${SESSION_MARKER}="$2" TERM=xterm-256color`,
  '{ ulimit -m "$3" && { ulimit -x "$1" || ulimit -w "$1"; }; } 2>/dev/null',
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
    String(MARK_SUM - session.mark),
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
